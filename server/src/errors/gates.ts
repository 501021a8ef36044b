/** What the gates, the calendar and those who decide refuse: a part of the catalogue in `errors.ts`. */
export const gateErrors = {
  'only-the-owner': {
    sentence: '{who} may not {what}: only the owner of the platform may.',
    remedy: 'Ask whoever ran `beluga up`; the token of the owner is in the state folder.',
    retry: false,
  },
  'read-only-token': {
    sentence: 'The token of {who} may look at everything and change nothing.',
    remedy: 'Use a token that may change things (`beluga token create`, without --read-only).',
    retry: false,
  },
  'unknown-token': {
    sentence: 'No token that still opens anything is called {id}.',
    remedy: 'List them with `beluga token list`.',
    retry: false,
  },
  'unknown-approval': { sentence: 'No approval is called {id}.', remedy: 'List them with `beluga approval list`.', retry: false },
  'unknown-override': { sentence: 'No override is called {id}.', remedy: 'List them with `beluga override list`.', retry: false },
  'own-request': {
    sentence: '{who} asked for {id}, and nobody approves what they ask for.',
    remedy: 'Let another person decide, with a token of their own (`beluga token create`).',
    retry: false,
  },
  'plan-changed': {
    sentence: 'The plan of {release} in {environment} changed since {id} asked about it.',
    remedy: 'Look at the plan as it is now, `beluga plan {release} --to {environment}`, and decide about that.',
    retry: false,
  },
  'no-longer-open': {
    sentence: '{id} is {state}.',
    remedy: 'Ask for another one.',
    retry: false,
  },
  'not-decidable': {
    sentence: 'Change {id} waits for nobody to approve it: it is {state}.',
    remedy: 'See what it waits for with `beluga change show {id}`; `beluga change cancel {id}` calls it off.',
    retry: false,
  },
  'expiry-out-of-range': {
    sentence: '{expiresAt} is not between now and {latest}.',
    remedy: 'Choose an expiry in that time.',
    retry: false,
  },
  'no-verification': {
    sentence: '{release} has no verification in {environment} that could be revoked.',
    remedy: 'List them with `beluga verification list {release}`.',
    retry: false,
  },
  'line-stopped-already': {
    sentence: '{by} stopped the line at {at}: {reason}',
    remedy: 'Nothing starts; `beluga resume` lets it move again.',
    retry: false,
  },
  'line-moves': { sentence: 'The line is not stopped.', remedy: 'Nothing to do.', retry: false },
  'unknown-readiness-line': {
    sentence: 'The readiness file has no line {line}.',
    remedy: 'Choose one of policies.readiness in platform.yaml: {known}.',
    retry: false,
  },
  'unknown-system': {
    sentence: 'No component belongs to application system {system}.',
    remedy: 'The known ones are: {known}.',
    retry: false,
  },
  'unknown-calendar-entry': {
    sentence: 'No window or freeze that was recorded is called {id}.',
    remedy: 'List them with `beluga calendar show`; what stands in platform.yaml is changed there.',
    retry: false,
  },
  'calendar-unreadable': { sentence: 'The calendar cannot be read: {problem}.', remedy: '{remedy}', retry: false },
  'calendar-range': {
    sentence: 'From {from} to {to} is not a time of at most 400 days.',
    remedy: 'Ask about less.',
    retry: false,
  },
} as const;
