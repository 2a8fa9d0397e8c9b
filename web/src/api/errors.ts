// What a failed call is to the rest of the client, and the words people see for it.

import { hasText, t } from "../i18n";

export type ApiError = {
  /** The HTTP status; 0 when no answer came. */
  status: number;
  /** The API's stable code, or OFFLINE. */
  code: string;
  message: string;
  /** Problems by field name. */
  fields: Record<string, string>;
  /** Seconds after which another try makes sense. */
  retryAfter?: number;
};

export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}

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
  if (error.fields[name]) return error.fields[name];
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
