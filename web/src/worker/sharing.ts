// What another app shares with Tintype: kept here until the compose dialog, which opens next, takes it.
import { shared } from "./stores";

const words = "/shared/words";

/** Takes the form of a share and goes on to a new post. */
export async function receive(request: Request): Promise<Response> {
  const form = await request.formData();
  await caches.delete(shared);
  const store = await caches.open(shared);
  const files = form.getAll("files").filter((one): one is File => one instanceof File && one.size > 0);
  await Promise.all(
    files.map((file, at) =>
      store.put(
        `/shared/${String(at).padStart(3, "0")}`,
        new Response(file, { headers: { "Content-Type": file.type, "X-Name": encodeURIComponent(file.name) } }),
      ),
    ),
  );
  const text = ["title", "text", "url"].flatMap((field) => form.get(field) || []).join("\n");
  if (text) await store.put(words, new Response(text));
  return Response.redirect("/new?shared", 303);
}

/** Takes what was shared, once. */
export async function takeShared(): Promise<{ files: File[]; text: string }> {
  const store = await caches.open(shared);
  const files: File[] = [];
  let text = "";
  for (const { url } of [...(await store.keys())].sort((a, b) => a.url.localeCompare(b.url))) {
    const kept = await store.match(url);
    if (!kept) continue;
    if (new URL(url).pathname === words) text = await kept.text();
    else {
      const name = decodeURIComponent(kept.headers.get("X-Name") ?? "photo");
      files.push(new File([await kept.blob()], name, { type: kept.headers.get("Content-Type") ?? "" }));
    }
  }
  await caches.delete(shared);
  return { files, text };
}
