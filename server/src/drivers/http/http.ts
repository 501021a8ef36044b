/** The HTTP port: requests to systems that the platform tells something. */
import type { Post } from '../../domain/deliveries/delivery.ts';

export type Http = Post;
