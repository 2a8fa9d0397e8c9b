// Changing a post: its words, the order and descriptions of its pictures, place, people, and what others may do.

import { useRef, useState } from "react";
import { api } from "../../../api";
import { fieldError, friendly } from "../../../api/errors";
import type { Media, Post } from "../../../api/types";
import { useAppDispatch } from "../../../app/store";
import { useTranslation } from "../../../i18n";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { TextArea } from "../../../ui/Field";
import { showToast } from "../../../ui/toasts";
import { longestCaption } from "../../compose/draft";
import { changedDetails, type Details, detailsOf } from "../../details/details";
import { usePhotoPlace } from "../../details/hooks/usePhotoPlace";
import { ChoiceFields } from "../../details/parts/ChoiceFields";
import { PlaceField } from "../../details/parts/PlaceField";
import { TagPeople } from "../../details/parts/TagPeople";
import { Completing } from "../../writing/parts/Completing";
import { CaptionFiles } from "../film/CaptionFiles";
import { Arrange } from "./Arrange";

const fields = ["caption", "media", "location", "tagged"];

export default function EditPost({ post, onClose }: { post: Post; onClose: () => void }) {
  const { t } = useTranslation("post");
  const [save, { error, isLoading }] = api.useUpdatePostMutation();
  const [caption, setCaption] = useState(post.caption);
  const box = useRef<HTMLTextAreaElement>(null);
  const [media, setMedia] = useState(post.media);
  const [details, setDetails] = useState(detailsOf(post));
  const offer = usePhotoPlace(post.media[0]?.media_id);
  const dispatch = useAppDispatch();
  const change = (some: Partial<Details>) => setDetails((all) => ({ ...all, ...some }));
  const over = [...caption].length - longestCaption;
  const submit = async () => {
    const body = { ...changed(post, caption, media), ...changedDetails(detailsOf(post), details) };
    if (Object.keys(body).length === 0) return onClose();
    const answer = await save({ postId: post.post_id, body });
    if (answer.error) return;
    const judged = post.status === "published" && ["caption", "media", "location"].some((name) => name in body);
    dispatch(showToast({ text: judged ? `${t("edit.saved")} ${t("edit.judged")}` : t("edit.saved") }));
    onClose();
  };
  const action = (
    <Button onClick={submit} busy={isLoading} disabled={over > 0}>
      {t("edit.save")}
    </Button>
  );
  return (
    <Dialog title={t("edit.title")} onClose={onClose} action={action} className="md:w-[min(92vw,620px)]">
      <div className="grid gap-6 p-4 pb-[calc(1.5rem+env(safe-area-inset-bottom))] md:p-6">
        {error && (
          <p role="alert" className="rounded-s bg-sunken px-3 py-2 text-danger">
            {fields.some((name) => fieldError(error, name)) ? t("edit.refused") : friendly(error)}
          </p>
        )}
        <Completing box={box} value={caption} onChange={setCaption}>
          {(completing) => (
            <TextArea
              ref={box}
              label={t("edit.caption")}
              rows={4}
              dir="auto"
              value={caption}
              problem={over > 0 ? t("edit.over", { count: over }) : fieldError(error, "caption")}
              {...completing}
            />
          )}
        </Completing>
        {media.length > 0 && (
          <Arrange
            postId={post.post_id}
            media={media}
            problem={fieldError(error, "media")}
            onChange={setMedia}
            onMove={(from, to) => change({ tagged: moved(details.tagged, from + 1, to + 1) })}
          />
        )}
        {media[0]?.kind === "VIDEO" && <CaptionFiles media={media[0]} />}
        <PlaceField
          place={details.location}
          offer={offer}
          problem={fieldError(error, "location")}
          onChange={(location) => change({ location })}
        />
        <TagPeople
          pictures={media.map(({ media_id, urls, alt_text }) => ({ key: media_id, url: urls.large, alt: alt_text }))}
          tagged={details.tagged}
          problem={fieldError(error, "tagged")}
          onChange={(tagged) => change({ tagged })}
        />
        <ChoiceFields choices={details} hasPictures={media.length > 0} onChange={change} />
      </div>
    </Dialog>
  );
}

/** The names in two pictures that change places. */
const moved = (tagged: Details["tagged"], from: number, to: number) =>
  tagged.map((tag) => (tag.n === from ? { ...tag, n: to } : tag.n === to ? { ...tag, n: from } : tag));

function changed(post: Post, caption: string, media: Media[]) {
  const sent = (some: Media[]) => some.map(({ media_id, alt_text }) => ({ media_id, alt_text: alt_text.trim() }));
  return {
    ...(caption.trim() === post.caption ? {} : { caption: caption.trim() }),
    ...(JSON.stringify(sent(media)) === JSON.stringify(sent(post.media)) ? {} : { media: sent(media) }),
  };
}
