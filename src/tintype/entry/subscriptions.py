"""The whole asynchronous product on one screen: who consumes which facts, what runs as a job or by the clock."""

from datetime import timedelta

from tintype.cards import fragments
from tintype.domains.accounts import consumers as accounts
from tintype.domains.accounts.events import AccountPrivacyChanged
from tintype.domains.engagement import consumers as engagement
from tintype.domains.engagement.events import CommentChanged, ReactionChanged
from tintype.domains.feed import actions as timelines
from tintype.domains.feed import consumers as feed
from tintype.domains.feed.reads import recent, viewers
from tintype.domains.graph import consumers as graph
from tintype.domains.graph.events import FollowChanged, MuteChanged
from tintype.domains.graph.reads import forget_lists
from tintype.domains.media import consumers as media
from tintype.domains.media.events import MediaReady, MediaRejected
from tintype.domains.moderation import consumers as moderation
from tintype.domains.posts import consumers as posts
from tintype.domains.posts.events import PostArchived, PostDeleted, PostRemoved, PostRestored, PostUnarchived
from tintype.entry import chores
from tintype.platform import auth, waiting
from tintype.platform.event_log.port import on, state, tx
from tintype.platform.jobs.port import Handlers
from tintype.platform.mail import port as mail

COUNTED = [PostDeleted, PostRestored, PostRemoved, PostArchived, PostUnarchived]

SUBSCRIPTIONS = [
    # topic             group              consumer                kind
    on("raw_posts",      "moderation",      moderation.judge,       tx),
    on("media",          "publish",         posts.media_finished,   tx, only=[MediaReady, MediaRejected]),
    on("filtered_posts", "fan-out",         feed.plan_fan_out,      tx),
    on("feed_updates",   "timelines",       feed.deliver,           state, lanes=2, batch=50),
    on("graph",          "timeline-edges",  feed.follow_up,         state, only=[FollowChanged, MuteChanged]),
    on("engagement",     "engagement-counts", engagement.count,     tx),
    on("graph",          "follow-counts",   graph.count_follows,    tx, only=[FollowChanged]),
    on("filtered_posts", "post-counts",     posts.count_posts,      tx),
    on("posts",          "post-counts",     posts.count_posts,      tx, only=COUNTED),
    on("filtered_posts", "hashtag-counts",  posts.count_hashtags,   tx),
    on("posts",          "hashtag-counts",  posts.count_hashtags,   tx),
    on("blocked_posts",  "hashtag-counts",  posts.count_hashtags,   tx),
    on("accounts",       "hashtag-counts",  posts.count_hashtags,   tx),
    on("counts",         "explore",         feed.heat,              tx),
    on("filtered_posts", "explore",         feed.heat,              tx),
    on("posts",          "explore",         feed.heat,              tx),
    on("blocked_posts",  "explore",         feed.heat,              tx),
    on("accounts",       "explore",         feed.heat,              tx),
    on("accounts",       "media-privacy",   media.follow_privacy,   tx),
    on("accounts",       "follow-requests", graph.accept_requests,  state, only=[AccountPrivacyChanged]),
    on("engagement",     "connections",     feed.connect_engaged,   tx, only=[ReactionChanged, CommentChanged]),
    on("views",          "connections",     feed.connect_viewed,    tx),
]  # fmt: skip

# What every API process keeps in memory follows the log's tail, and its own commits at once.
TAILED = [
    # topic             who listens
    ("sessions",        [auth.heard]),
    ("media",           [waiting.heard, fragments.heard]),
    ("raw_posts",       [viewers.heard]),
    ("filtered_posts",  [waiting.heard, fragments.heard, viewers.heard, recent.heard]),
    ("blocked_posts",   [waiting.heard, fragments.heard, viewers.heard]),
    ("posts",           [waiting.heard, fragments.heard, viewers.heard, recent.heard]),
    ("accounts",        [fragments.heard]),
    ("graph",           [viewers.heard, forget_lists]),
    ("timelines",       [viewers.heard]),
    ("engagement",      [viewers.heard]),
    ("saves",           [viewers.heard]),
    ("counts",          [fragments.heard]),
]  # fmt: skip

JOBS: Handlers = {
    "mail.send": mail.deliver,
    "accounts.forgot": accounts.forgot,
    "accounts.erase": chores.erase_account,
    "media.process": media.process,
    "media.video": media.film,
    "media.drop_parts": media.drop_parts,
    "media.render": media.render,
    "media.discard": media.discard,
    "media.purge": media.purge,
    "posts.purge": chores.purge_post,
}

# How many of a kind are done at a time, over all workers; what is not named here has no such bound.
AT_ONCE = {"media.video": 1}

CHORES = [
    # name               every                    what
    ("media-sweep",      timedelta(seconds=30),   media.sweep),
    ("log-retention",    timedelta(minutes=10),   chores.drop_old_log),
    ("forget-expired",   timedelta(minutes=10),   chores.forget_expired),
    ("connections",      timedelta(hours=1),      chores.keep_closest),
    ("partitions",       timedelta(hours=1),      chores.keep_partitions),
    ("explore",          timedelta(minutes=10),   chores.reckon_explored),
    ("timelines-away",   timedelta(hours=1),      timelines.leave),
    ("stretches",        timedelta(minutes=10),   timelines.expire),
    ("measure-lag",      timedelta(seconds=5),    chores.measure_lag),
]  # fmt: skip
