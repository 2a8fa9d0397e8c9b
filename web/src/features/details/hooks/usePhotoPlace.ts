// Where one's own photo says that it was taken; the server tells nobody else.
import { api } from "../../../api";

export function usePhotoPlace(mediaId: string | undefined) {
  const { currentData } = api.useWaitForMediaQuery({ mediaId: mediaId ?? "", seconds: 25 }, { skip: !mediaId });
  const { lat, lng } = currentData?.exif ?? {};
  return lat == null || lng == null ? undefined : { lat, lng };
}
