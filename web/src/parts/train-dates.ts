/** The dates of a train, in their order. */
export const trainDates = ['opensAt', 'locksAt', 'rehearsalAt', 'departsAt'] as const;
