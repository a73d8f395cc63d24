/** The frames of the socket, as the OpenAPI file describes them. */
import type { Schemas } from '#lib/api/client.ts';

export type FromBrowser = Schemas['FrameFromBrowser'];
export type ToBrowser = Schemas['FrameToBrowser'];
export type FrameOf<T extends ToBrowser['type']> = Extract<ToBrowser, { type: T }>;
