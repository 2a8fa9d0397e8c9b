// What a failed call is to the rest of the client, and the words people see for it.

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

const words: Record<string, string> = {
  OFFLINE: "No connection. Check your network and try again.",
  NOT_SIGNED_IN: "Please log in to go on.",
  TOKEN_INVALID: "Your session has ended. Log in again.",
  LOGIN_FAILED: "That name and password do not match.",
  USERNAME_TAKEN: "This username is taken.",
  EMAIL_TAKEN: "There is an account with this e-mail already.",
  INVITE_INVALID: "You need an invitation that is still valid to join here.",
  REGISTRATION_CLOSED: "New accounts are closed here.",
  ACCOUNT_PRIVATE: "This account is private.",
  COMMENTS_OFF: "Comments are turned off for this post.",
  TEXT_BLOCKED: "These words are not allowed here. Please change them.",
  MEDIA_REJECTED: "One of the pictures cannot be used. Remove it and share again.",
  MEDIA_IN_USE: "One of the pictures is already part of another post.",
  CSRF_FAILED: "Your session changed in another tab. Reload the page and try again.",
  STORAGE_FULL: "There is no room left on this server. Try again later.",
  UNAVAILABLE: "Tintype is very busy.",
};

const wordsByStatus: Record<number, string> = {
  413: "This file is too large.",
  415: "This kind of file cannot be used.",
  429: "That was a lot at once.",
  500: "Something broke on our side. Please try again.",
  502: "Tintype cannot be reached right now.",
  503: "Tintype is very busy.",
  504: "Tintype cannot be reached right now.",
};

export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && "code" in error && "status" in error;
}

/** One sentence or two for a person: what happened, and when to try again. */
export function friendly(error: unknown): string {
  if (!isApiError(error)) return "Something went wrong. Please try again.";
  const said =
    words[error.code] ?? wordsByStatus[error.status] ?? (error.message || "Something went wrong. Please try again.");
  return error.retryAfter ? `${said} Try again ${inWords(error.retryAfter)}.` : said;
}

/** The words for one field, when that field is what is wrong. */
export function fieldError(error: unknown, name: string): string | undefined {
  if (!isApiError(error)) return undefined;
  if (error.fields[name]) return error.fields[name];
  const owner: Record<string, string> = {
    USERNAME_TAKEN: "username",
    EMAIL_TAKEN: "email",
    INVITE_INVALID: "You need an invitation that is still valid to join here.",
  };
  return owner[error.code] === name ? friendly(error) : undefined;
}

function inWords(seconds: number): string {
  if (seconds < 60) return `in ${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `in ${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const hours = Math.ceil(minutes / 60);
  return `in ${hours} ${hours === 1 ? "hour" : "hours"}`;
}
