"""Names that nobody may have, since they are addresses of ours or would mislead."""

_WORDS = """
    about abuse account accounts activity admin administrator all anonymous api app apps archive assets auth blog
    boards bot browse bugs business careers cdn comments compose contact copyright create css data default delete
    demo dev developer developers dm docs download downloads edit email embed error errors everybody everyone
    explore export faq favicon.ico feed feedback files follow followers following graphql groups guest hashtag
    hashtags health help here home host hostmaster images img inbox index info invite invites jobs join js language
    legal list lists livez local localhost login logout m mail mailer me media members messages metrics mod
    moderation moderator moderators new news nobody none notifications null oauth official operator operators owner
    p password people photos pins policy popular post postmaster posts press privacy private profile public readyz
    recover register report reset robots.txt root rss rules saved search security self session sessions settings
    setup share shop signin signout signup site sitemap sitemap.xml staff static status stories story suggestions
    support sysadmin system tag tags team terms timeline tintype tos translate trending undefined unsubscribe upload
    uploads user username users verified verify video videos web webmaster well-known ws www you
"""

RESERVED = frozenset(_WORDS.split())
