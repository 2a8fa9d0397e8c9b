// The pictures of a post as files: as they are shown, and one's own as they were uploaded.

import { Download } from "lucide-react";
import type { Post } from "../../../api/types";
import { useTranslation } from "../../../i18n";
import { buttonClass } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";

export default function Files({ post, own, onClose }: { post: Post; own: boolean; onClose: () => void }) {
  const { t } = useTranslation("post");
  const address = (mediaId: string, file: string) => `/api/v1/media/${mediaId}/${file}`;
  return (
    <Dialog low title={t("files.title")} onClose={onClose}>
      <ul className="grid gap-4 p-4 pb-[calc(1rem+env(safe-area-inset-bottom))]">
        {post.media.map(({ media_id, kind, urls }, index) => (
          <li key={media_id} className="flex items-center gap-3">
            <img src={urls.thumb} alt="" width={56} height={56} className="size-14 rounded-s bg-sunken object-cover" />
            <span className="sr-only">{t("files.picture", { at: index + 1 })}</span>
            <span className="flex flex-wrap gap-2">
              {kind === "IMAGE" && (
                <a href={address(media_id, "download")} download className={buttonClass("quiet")}>
                  <Download className="size-4" aria-hidden="true" /> {t("files.shown")}
                </a>
              )}
              {own && (
                <a href={address(media_id, "original")} download className={buttonClass("quiet")}>
                  <Download className="size-4" aria-hidden="true" /> {t("files.original")}
                </a>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
