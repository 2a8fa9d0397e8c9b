/** The compose dialog, fetched when it is wanted or about to be. */
export const loadCompose = () => import("../features/compose/pages/Compose");
