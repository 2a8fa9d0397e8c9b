// How bytes go to where a ticket says: as a form, bare, or in parts that can be gone on with.

import type { ApiError } from "../../api/errors";
import type { Upload } from "../../api/types";

const offline: ApiError = { status: 0, code: "OFFLINE", message: "", fields: {} };
const tries = 5;
const restMs = 1_000;

export type Part = { number: number; url: string };

/** One file to where the ticket says: a form with its fields first, or the bare bytes with its headers. */
export function transfer(
  file: File,
  upload: Upload["upload"],
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  if (upload.method === "PUT") return send("PUT", upload.url, file, signal, onProgress, upload.headers);
  return send("POST", upload.url, form(file, upload.fields ?? {}), signal, onProgress, upload.headers);
}

/** The parts that have not arrived yet, one after the other; each is tried again while the connection is away. */
export async function transferParts(
  file: File,
  partSize: number,
  missing: Part[],
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<void> {
  const length = ({ number }: Part) => Math.min(partSize, file.size - (number - 1) * partSize);
  let sent = file.size - missing.reduce((sum, part) => sum + length(part), 0);
  for (const part of missing) {
    const bytes = file.slice((part.number - 1) * partSize, part.number * partSize);
    const headers = await digest(bytes);
    await persevere(signal, () =>
      send("PUT", part.url, bytes, signal, (share) => onProgress((sent + share * length(part)) / file.size), headers),
    );
    sent += length(part);
    onProgress(sent / file.size);
  }
}

async function persevere(signal: AbortSignal, work: () => Promise<void>) {
  for (let left = tries; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      const passes = (error as ApiError).status === 0 || (error as ApiError).status >= 500;
      if (signal.aborted || !passes || left <= 1) throw error;
      await new Promise((resolve) => setTimeout(resolve, restMs * 2 ** (tries - left)));
    }
  }
}

/** The checksum of a part; nothing where the page may not compute one. */
async function digest(bytes: Blob): Promise<Record<string, string>> {
  if (!globalThis.crypto?.subtle) return {};
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await bytes.arrayBuffer()));
  return { "Content-Digest": `sha-256=:${btoa(String.fromCharCode(...hash))}:` };
}

function send(
  method: string,
  url: string,
  body: Blob | FormData,
  signal: AbortSignal,
  onProgress: (share: number) => void,
  headers: Record<string, string> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(offline);
    const request = new XMLHttpRequest();
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusal(request));
    };
    request.onerror = () => reject(offline);
    request.ontimeout = () => reject(offline);
    request.onabort = () => reject(offline);
    signal.addEventListener("abort", () => request.abort());
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

function form(file: File, fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  data.append("file", file, file.name);
  return data;
}

function refusal(request: XMLHttpRequest): ApiError {
  const retryAfter = Number(request.getResponseHeader("Retry-After") ?? Number.NaN);
  let said: { code?: string; message?: string } = {};
  try {
    said = JSON.parse(request.responseText).error ?? {};
  } catch {
    // A store of another kind answers in its own way.
  }
  return {
    status: request.status,
    code: said.code ?? `HTTP_${request.status}`,
    message: said.message ?? "",
    fields: {},
    ...(retryAfter > 0 ? { retryAfter } : {}),
  };
}
