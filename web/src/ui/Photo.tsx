// A picture in its box: the blurhash or the local picture first, the finished photo fading in over it.

import { useState } from "react";
import { explain } from "../api/errors";
import type { Media } from "../api/types";
import { useAppSelector } from "../app/store";
import { useTranslation } from "../i18n";
import { Blurhash } from "./Blurhash";
import { srcSet } from "./photoSources";

type Props = {
  media: Media;
  sizes: string;
  /** The picture is among the first seen: fetched at once. */
  first?: boolean;
  fit?: "cover" | "contain";
  alt?: string;
};

const fill = "absolute inset-0 size-full";

export function Photo({ media, sizes, first = false, fit = "cover", alt }: Props) {
  const { t } = useTranslation();
  const local = useAppSelector((state) => state.localPictures[media.media_id]);
  const object = fit === "cover" ? "object-cover" : "object-contain";
  const url = media.urls?.large ?? media.urls?.medium ?? media.urls?.small;
  const words = alt ?? (media.alt_text || t("undescribed"));
  return (
    <span className="absolute inset-0 block overflow-hidden bg-sunken">
      {media.blurhash && (
        <Blurhash hash={media.blurhash} width={media.width} height={media.height} className={`${fill} ${object}`} />
      )}
      {local && (
        <img
          src={local.url}
          alt={url ? "" : words}
          width={local.width}
          height={local.height}
          className={`${fill} ${object}`}
        />
      )}
      {url ? (
        <Finished key={url} media={media} url={url} sizes={sizes} first={first} alt={words} object={object} />
      ) : (
        !local && !media.blurhash && <Preparing media={media} />
      )}
    </span>
  );
}

type FinishedProps = { media: Media; url: string; sizes: string; first: boolean; alt: string; object: string };

function Finished({ media, url, sizes, first, alt, object }: FinishedProps) {
  const [shown, setShown] = useState(false);
  return (
    <picture>
      {(["avif", "webp"] as const).map((format) => {
        const set = srcSet(media.sources?.[format], media);
        return set && <source key={format} type={`image/${format}`} srcSet={set} sizes={sizes} />;
      })}
      <img
        ref={(image) => {
          if (image?.complete && image.naturalWidth) setShown(true);
        }}
        src={url}
        srcSet={srcSet(media.urls, media)}
        sizes={sizes}
        width={media.width ?? undefined}
        height={media.height ?? undefined}
        alt={alt}
        loading={first ? "eager" : "lazy"}
        fetchPriority={first ? "high" : undefined}
        decoding="async"
        draggable={false}
        onLoad={() => setShown(true)}
        className={`${fill} ${object} transition-opacity duration-200 ${shown ? "" : "opacity-0"}`}
      />
    </picture>
  );
}

function Preparing({ media }: { media: Media }) {
  const { t } = useTranslation();
  return (
    <span className="absolute inset-0 grid place-items-center p-4 text-center text-ink-faint">
      {media.status === "rejected" ? (media.rejection ? explain(media.rejection) : t("unusable")) : t("preparing")}
    </span>
  );
}
