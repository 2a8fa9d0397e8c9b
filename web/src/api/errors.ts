// What a failed call is to the rest of the client, and the words people see for it.

import { hasText, t } from "../i18n";
import { queued } from "./outbox/entries";

export type ApiError = {
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** The API's stable code, or OFFLINE. */
  code: string;
  message: string;
  /** Problems by field name. */
  fields: Record<string, string>;
  /** The same for the catalogues: a stable code, and the values of its words. */
  rules?: Record<string, { code: string; [value: string]: string | number }>;
  /** What else the answer holds: how to go on. */
  details?: Record<string, unknown>;
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
};

export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}

/** The call will be sent as soon as there is a connection. */
export const isWaiting = (error: unknown) => isApiError(error) && error.code === queued;

/** One sentence or two for a person: what happened, and when to try again. */
export function friendly(error: unknown): string {
  if (!isApiError(error)) return t("errors:fallback");
  const said = words(error);
  return error.retryAfter ? t("errors:later", { said, when: inWords(error.retryAfter) }) : said;
}

function words({ code, status, message }: ApiError): string {
  for (const key of [`errors:${code}`, `errors:status.${status}`]) if (hasText(key)) return t(key as "errors:OFFLINE");
  return message || t("common:failed");
}

/** What became of a thing of one's own: a rejected file, a post that did not get through. */
export function explain({ code, message }: { code: string; message: string }): string {
  for (const key of [`errors:rejected.${code}`, `errors:${code}`]) if (hasText(key)) return t(key as "errors:OFFLINE");
  return message;
}

/** The words for one field, when that field is what is wrong. */
export function fieldError(error: unknown, name: string): string | undefined {
  if (!isApiError(error)) return undefined;
  const rule = error.rules?.[name];
  const key = `errors:rules.${rule?.code}`;
  if (hasText(key)) return t(key as "errors:rules.TOO_LONG", rule);
  // Fields have words of their own only where nothing else says what is wrong.
  if (error.fields[name]) return error.code === "VALIDATION_FAILED" ? error.fields[name] : friendly(error);
  const owner: Record<string, string> = {
    USERNAME_TAKEN: "username",
    EMAIL_TAKEN: "email",
    INVITE_INVALID: "invite",
  };
  return owner[error.code] === name ? friendly(error) : undefined;
}

function inWords(seconds: number): string {
  if (seconds < 60) return t("errors:inSeconds", { count: seconds });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return t("errors:inMinutes", { count: minutes });
  return t("errors:inHours", { count: Math.ceil(minutes / 60) });
}
