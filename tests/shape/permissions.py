"""Who gets which answer at which address, written by hand from what the roles may do.

One line: the address's name, the thing it is asked for (from `realm.py`), the method, then an
answer for each of

* an — somebody not signed in
* li — the same with a signed link from a mail
* re — a reader of Biocat
* ot — BioM's contact: same alliance, another cluster; BioM shares nothing
* ow — Biocat's contact: the things named without a cluster are led or kept by Biocat
* co — the alliance's coordinator
* ad — an administrator
* st — the coordinator of another alliance

Answers: `200` a page; `302` done, and on to the record; `in` asked to sign in; `404` it does not
exist for you; `405` not in this way. A POST carries the body below, else nothing: an empty form
comes back as a page to whoever may fill it in.
"""

from typing import Any

TABLE = """
address                      thing                            method an  li  re  ot  ow  co  ad  st

# the first page, and what machines ask
crm:dashboard-show           -                                GET    in  in  200 200 200 200 200 200
crm:dashboard-show           -                                POST   405 405 405 405 405 405 405 405
crm:users-first              -                                GET    404 404 404 404 404 404 404 404
crm:users-first              -                                POST   404 404 404 404 404 404 404 404
crm:health-alive             -                                GET    200 200 200 200 200 200 200 200
crm:health-alive             -                                POST   405 405 405 405 405 405 405 405
crm:health-ready             -                                GET    200 200 200 200 200 200 200 200
crm:health-ready             -                                POST   405 405 405 405 405 405 405 405

# the development sink's mails exist for nobody in production
crm:inbox-list               -                                GET    404 404 404 404 404 404 404 404
crm:inbox-list               -                                POST   405 405 405 405 405 405 405 405
crm:inbox-show               mail                             GET    404 404 404 404 404 404 404 404
crm:inbox-show               mail                             POST   405 405 405 405 405 405 405 405
crm:inbox-body               mail                             GET    404 404 404 404 404 404 404 404
crm:inbox-body               mail                             POST   405 405 405 405 405 405 405 405
crm:inbox-raw                mail                             GET    404 404 404 404 404 404 404 404
crm:inbox-raw                mail                             POST   405 405 405 405 405 405 405 405

# organisations: read by the cluster and by an alliance it shares with, kept by the cluster
crm:organisations-list       -                                GET    in  in  200 200 200 200 200 200
crm:organisations-list       -                                POST   in  in  405 405 405 405 405 405
crm:organisations-create     -                                GET    in  in  404 200 200 404 200 404
crm:organisations-create     -                                POST   in  in  404 200 200 404 200 404
crm:organisations-show       biocat organisation              GET    in  in  200 404 200 200 200 404
crm:organisations-show       biocat organisation              POST   in  in  405 405 405 405 405 405
crm:organisations-show       biom organisation                GET    in  in  404 200 404 404 200 404
crm:organisations-show       biom organisation                POST   in  in  405 405 405 405 405 405
crm:organisations-show       biowin organisation              GET    in  in  404 404 404 404 200 404
crm:organisations-show       biowin organisation              POST   in  in  405 405 405 405 405 405
crm:organisations-show       both organisation                GET    in  in  200 200 200 200 200 404
crm:organisations-show       both organisation                POST   in  in  405 405 405 405 405 405
crm:organisations-edit       biocat organisation              GET    in  in  404 404 200 404 200 404
crm:organisations-edit       biocat organisation              POST   in  in  404 404 200 404 200 404
crm:organisations-edit       biom organisation                GET    in  in  404 200 404 404 200 404
crm:organisations-edit       biom organisation                POST   in  in  404 200 404 404 200 404
crm:organisations-edit       both organisation                GET    in  in  404 200 200 404 200 404
crm:organisations-edit       both organisation                POST   in  in  404 200 200 404 200 404
crm:organisations-archive    biocat organisation              GET    in  in  404 404 200 404 200 404
crm:organisations-archive    biocat organisation              POST   in  in  404 404 302 404 302 404
crm:organisations-archive    both organisation                GET    in  in  404 404 200 404 200 404
crm:organisations-archive    both organisation                POST   in  in  404 404 302 404 302 404
crm:organisations-restore    biocat organisation              GET    in  in  404 404 200 404 200 404
crm:organisations-restore    biocat organisation              POST   in  in  404 404 302 404 302 404
crm:organisations-restore    biom organisation                POST   in  in  404 302 404 404 302 404

# people: the same, but for those who objected to being shared; the coordinator never writes
crm:people-list              -                                GET    in  in  200 200 200 200 200 200
crm:people-list              -                                POST   in  in  405 405 405 405 405 405
crm:people-create            -                                GET    in  in  404 200 200 404 200 404
crm:people-create            -                                POST   in  in  404 200 200 404 200 404
crm:people-show              biocat person                    GET    in  in  200 404 200 200 200 404
crm:people-show              biocat person                    POST   in  in  405 405 405 405 405 405
crm:people-show              biocat nameless                  GET    in  in  200 404 200 200 200 404
crm:people-show              biocat objector                  GET    in  in  200 404 200 404 200 404
crm:people-show              biocat gone                      GET    in  in  200 404 200 200 200 404
crm:people-show              biocat shelved                   GET    in  in  200 404 200 200 200 404
crm:people-show              biocat twin                      GET    in  in  200 404 200 200 200 404
crm:people-show              biom twin                        GET    in  in  404 200 404 404 200 404
crm:people-show              biom shelved                     GET    in  in  404 200 404 404 200 404
crm:people-show              biom person                      GET    in  in  404 200 404 404 200 404
crm:people-show              biom person                      POST   in  in  405 405 405 405 405 405
crm:people-show              biowin person                    GET    in  in  404 404 404 404 200 404
crm:people-edit              biocat person                    GET    in  in  404 404 200 404 200 404
crm:people-edit              biocat person                    POST   in  in  404 404 302 404 302 404
crm:people-edit              biom person                      GET    in  in  404 200 404 404 200 404
crm:people-edit              biom person                      POST   in  in  404 302 404 404 302 404
crm:people-move              biocat person                    GET    in  in  404 404 200 404 200 404
crm:people-move              biocat person                    POST   in  in  404 404 200 404 200 404
crm:people-archive           biocat person                    GET    in  in  404 404 200 404 200 404
crm:people-archive           biocat person                    POST   in  in  404 404 302 404 302 404
crm:people-archive           biom person                      POST   in  in  404 302 404 404 302 404
crm:people-restore           biocat person                    GET    in  in  404 404 200 404 200 404
crm:people-restore           biocat person                    POST   in  in  404 404 302 404 302 404
crm:addresses-change         biocat person                    GET    in  in  404 404 200 404 200 404
crm:addresses-change         biocat person                    POST   in  in  404 404 302 404 302 404
crm:addresses-change         biom person                      POST   in  in  404 302 404 404 302 404

# why somebody may be written to: everybody reads the countries' rules, an administrator decides
crm:basis-rules-list         -                                GET    in  in  200 200 200 200 200 200
crm:basis-rules-list         -                                POST   in  in  405 405 405 405 405 405
crm:basis-rules-decide       -                                GET    in  in  404 404 404 404 200 404
crm:basis-rules-decide       -                                POST   in  in  404 404 404 404 200 404
campaigns:retention-show     -                                GET    in  in  404 404 404 404 200 404
campaigns:retention-show     -                                POST   in  in  405 405 405 405 405 405
campaigns:processing-show    biocat cluster                   GET    in  in  200 404 200 404 200 404
campaigns:processing-show    biocat cluster                   POST   in  in  405 405 405 405 405 405
campaigns:processing-download biocat cluster                  GET    in  in  200 404 200 404 200 404
campaigns:processing-download biocat cluster                  POST   in  in  405 405 405 405 405 405
crm:proofs-show              biocat person's proof            GET    in  in  200 404 200 404 200 404
crm:proofs-show              biocat person's proof            POST   in  in  405 405 405 405 405 405
crm:proofs-show              biom person's proof              GET    in  in  404 200 404 404 200 404
# requests about personal data: each cluster's own, and no coordinator's business
crm:rights-requests-list     -                                GET    in  in  200 200 200 404 200 404
crm:rights-requests-list     -                                POST   in  in  405 405 405 405 405 405
crm:rights-requests-create   -                                GET    in  in  404 200 200 404 200 404
crm:rights-requests-create   -                                POST   in  in  404 200 200 404 200 404
crm:rights-requests-create   biocat person's                  GET    in  in  404 404 200 404 200 404
crm:rights-requests-create   biocat person's                  POST   in  in  404 404 200 404 200 404
crm:rights-requests-create   biom person's                    GET    in  in  404 200 404 404 200 404
crm:rights-requests-create   biom person's                    POST   in  in  404 200 404 404 200 404
crm:rights-requests-show     biocat request                   GET    in  in  200 404 200 404 200 404
crm:rights-requests-show     biocat request                   POST   in  in  405 405 405 405 405 405
crm:rights-requests-show     biom request                     GET    in  in  404 200 404 404 200 404
crm:rights-requests-show     biowin request                   GET    in  in  404 404 404 404 200 404
crm:rights-requests-extend   biocat request                   GET    in  in  404 404 200 404 200 404
crm:rights-requests-extend   biocat request                   POST   in  in  404 404 200 404 200 404
crm:rights-requests-extend   biom request                     GET    in  in  404 200 404 404 200 404
crm:rights-requests-answer   biocat request                   GET    in  in  404 404 200 404 200 404
crm:rights-requests-answer   biocat request                   POST   in  in  404 404 200 404 200 404
crm:rights-requests-answer   biom request                     GET    in  in  404 200 404 404 200 404
crm:rights-requests-link     biocat request                   GET    in  in  405 405 405 405 405 405
crm:rights-requests-link     biocat request                   POST   in  in  404 404 404 404 404 404
crm:rights-requests-erase    biocat request                   GET    in  in  404 404 200 404 200 404
crm:rights-requests-erase    biocat request                   POST   in  in  404 404 302 404 302 404
crm:rights-requests-erase    biom request                     GET    in  in  404 200 404 404 200 404
crm:rights-requests-erase    biom request                     POST   in  in  404 302 404 404 302 404

# what a cluster says in its own words: its users' alone, no coordinator's
crm:vocabulary-show          -                                GET    in  in  200 200 200 404 200 404
crm:vocabulary-show          -                                POST   in  in  405 405 405 405 405 405
crm:tags-create              biocat's words                   GET    in  in  404 404 200 404 200 404
crm:tags-create              biocat's words                   POST   in  in  404 404 200 404 200 404
crm:custom-fields-create     biocat's words                   GET    in  in  404 404 200 404 200 404
crm:custom-fields-create     biocat's words                   POST   in  in  404 404 200 404 200 404
crm:tags-rename              biocat tag                       GET    in  in  404 404 200 404 200 404
crm:tags-rename              biocat tag                       POST   in  in  404 404 200 404 200 404
crm:tags-merge               biocat tag                       GET    in  in  404 404 200 404 200 404
crm:tags-merge               biocat tag                       POST   in  in  404 404 200 404 200 404
crm:custom-fields-edit       biocat field                     GET    in  in  404 404 200 404 200 404
crm:custom-fields-edit       biocat field                     POST   in  in  404 404 200 404 200 404
crm:notes-create             biocat person's                  GET    in  in  404 404 200 404 200 404
crm:notes-create             biocat person's                  POST   in  in  404 404 200 404 200 404
crm:notes-create             biocat organisation's            GET    in  in  404 404 200 404 200 404
crm:notes-create             biocat organisation's            POST   in  in  404 404 200 404 200 404
crm:attachments-create       biocat person's                  GET    in  in  404 404 200 404 200 404
crm:attachments-create       biocat person's                  POST   in  in  404 404 200 404 200 404
crm:attachments-create       biocat organisation's            GET    in  in  404 404 200 404 200 404
crm:attachments-create       biocat organisation's            POST   in  in  404 404 200 404 200 404
crm:notes-edit               biocat note                      GET    in  in  404 404 200 404 200 404
crm:notes-edit               biocat note                      POST   in  in  404 404 200 404 200 404
crm:tags-remove              biocat tag                       GET    in  in  404 404 200 404 200 404
crm:tags-remove              biocat tag                       POST   in  in  404 404 302 404 302 404
crm:custom-fields-archive    biocat field                     GET    in  in  404 404 200 404 200 404
crm:custom-fields-archive    biocat field                     POST   in  in  404 404 302 404 302 404
crm:custom-fields-restore    biocat field                     GET    in  in  404 404 200 404 200 404
crm:custom-fields-restore    biocat field                     POST   in  in  404 404 302 404 302 404
crm:notes-remove             biocat note                      GET    in  in  404 404 200 404 200 404
crm:notes-remove             biocat note                      POST   in  in  404 404 302 404 302 404
crm:attachments-remove       biocat file                      GET    in  in  404 404 200 404 200 404
crm:attachments-remove       biocat file                      POST   in  in  404 404 302 404 302 404
crm:tags-suggest             biocat's words                   GET    in  in  200 404 200 404 200 404
crm:tags-suggest             biocat's words                   POST   in  in  405 405 405 405 405 405
crm:attachments-show         biocat file                      GET    in  in  200 404 200 404 200 404
crm:attachments-show         biocat file                      POST   in  in  405 405 405 405 405 405
crm:attachments-show         biocat companyfile               GET    in  in  200 404 200 404 200 404
crm:attachments-show         biocat companyfile               POST   in  in  405 405 405 405 405 405
crm:tags-rename              biom tag                         GET    in  in  404 200 404 404 200 404
crm:tags-rename              biom tag                         POST   in  in  404 200 404 404 200 404
crm:tags-create              biom's words                     GET    in  in  404 200 404 404 200 404
crm:tags-create              biom's words                     POST   in  in  404 200 404 404 200 404
crm:custom-fields-edit       biom field                       GET    in  in  404 200 404 404 200 404
crm:custom-fields-edit       biom field                       POST   in  in  404 200 404 404 200 404
crm:notes-edit               biom companynote                 GET    in  in  404 200 404 404 200 404
crm:notes-edit               biom companynote                 POST   in  in  404 200 404 404 200 404
crm:notes-create             biom person's                    GET    in  in  404 200 404 404 200 404
crm:notes-create             biom person's                    POST   in  in  404 200 404 404 200 404
crm:attachments-create       biom organisation's              GET    in  in  404 200 404 404 200 404
crm:attachments-create       biom organisation's              POST   in  in  404 200 404 404 200 404
crm:tags-suggest             biom's words                     GET    in  in  404 200 404 404 200 404
crm:attachments-show         biom file                        GET    in  in  404 200 404 404 200 404
crm:tags-remove              biom tag                         POST   in  in  404 302 404 404 302 404
crm:notes-remove             biom note                        POST   in  in  404 302 404 404 302 404
crm:attachments-remove       biom companyfile                 POST   in  in  404 302 404 404 302 404
crm:custom-fields-archive    biom field                       POST   in  in  404 302 404 404 302 404
# merging and duplicates: a cluster's own affair
crm:merges-find_person       biocat person                    GET    in  in  404 404 200 404 200 404
crm:merges-find_person       biocat person                    POST   in  in  405 405 405 405 405 405
crm:merges-find_person       biom person                      GET    in  in  404 200 404 404 200 404
crm:merges-person            biocat pair                      GET    in  in  404 404 200 404 200 404
crm:merges-person            biocat pair                      POST   in  in  404 404 200 404 200 404
crm:merges-person            biom pair                        GET    in  in  404 200 404 404 200 404
crm:merges-find_organisation biocat organisation              GET    in  in  404 404 200 404 200 404
crm:merges-find_organisation biocat organisation              POST   in  in  405 405 405 405 405 405
crm:merges-find_organisation biom organisation                GET    in  in  404 200 404 404 200 404
crm:merges-find_organisation both organisation                GET    in  in  404 200 200 404 200 404
crm:merges-organisation      biocat organisations             GET    in  in  404 404 200 404 200 404
crm:merges-organisation      biocat organisations             POST   in  in  404 404 200 404 200 404
crm:joins-list               -                                GET    in  in  200 200 200 404 200 404
crm:joins-list               -                                POST   in  in  405 405 405 405 405 405
crm:joins-create             biocat organisation              GET    in  in  404 404 200 404 200 404
crm:joins-create             biocat organisation              POST   in  in  404 404 200 404 200 404
crm:joins-create             biom organisation                GET    in  in  404 200 404 404 200 404
crm:joins-show               join asked of biocat             GET    in  in  200 200 200 404 200 404
crm:joins-show               join asked of biocat             POST   in  in  405 405 405 405 405 405
crm:joins-show               join asked of biowin             GET    in  in  404 200 404 404 200 404
crm:joins-agree              join asked of biocat             GET    in  in  405 405 405 405 405 405
crm:joins-agree              join asked of biocat             POST   in  in  404 404 302 404 302 404
crm:joins-agree              join asked of biowin             POST   in  in  404 404 404 404 302 404
crm:joins-decline            join asked of biocat             GET    in  in  405 405 405 405 405 405
crm:joins-decline            join asked of biocat             POST   in  in  404 404 302 404 302 404
crm:joins-decline            join asked of biowin             POST   in  in  404 404 404 404 302 404
crm:joins-withdraw           join asked of biocat             GET    in  in  405 405 405 405 405 405
crm:joins-withdraw           join asked of biocat             POST   in  in  404 302 404 404 302 404
crm:merges-undo              biocat merge                     GET    in  in  404 404 200 404 200 404
crm:merges-undo              biocat merge                     POST   in  in  404 404 302 404 302 404
crm:merges-undo              biom merge                       GET    in  in  404 200 404 404 200 404
crm:merges-undo              biom merge                       POST   in  in  404 302 404 404 302 404
crm:duplicates-list          people pairs                     GET    in  in  200 200 200 200 200 200
crm:duplicates-list          people pairs                     POST   in  in  405 405 405 405 405 405
crm:duplicates-dismiss       biocat duplicate                 GET    in  in  404 404 302 404 302 404
crm:duplicates-dismiss       biocat duplicate                 POST   in  in  404 404 302 404 302 404
crm:duplicates-dismiss       biom duplicate                   POST   in  in  404 302 404 404 302 404
crm:duplicates-reopen        biocat duplicate                 GET    in  in  404 404 302 404 302 404
crm:duplicates-reopen        biocat duplicate                 POST   in  in  404 404 302 404 302 404
crm:duplicates-reopen        biom duplicate                   POST   in  in  404 302 404 404 302 404
# exports: everybody takes out what they read, and a file is its asker's alone
crm:exports-list             -                                GET    in  in  200 200 200 200 200 200
crm:exports-list             -                                POST   in  in  405 405 405 405 405 405
crm:exports-create           -                                GET    in  in  200 200 200 200 200 200
crm:exports-create           -                                POST   in  in  302 302 302 302 302 200
crm:exports-show             biocat's export                  GET    in  in  404 404 200 404 404 404
crm:exports-show             biocat's export                  POST   in  in  405 405 405 405 405 405
crm:exports-fetch            biocat's export                  GET    in  in  404 404 200 404 404 404
crm:exports-fetch            biocat's export                  POST   in  in  405 405 405 405 405 405
crm:exports-delete           biocat's export                  GET    in  in  405 405 405 405 405 405
crm:exports-delete           biocat's export                  POST   in  in  404 404 302 404 404 404
crm:vcards-show              biocat person                    GET    in  in  200 404 200 200 200 404
crm:vcards-show              biocat objector                  GET    in  in  200 404 200 404 200 404
crm:vcards-show              biocat nameless                  GET    in  in  200 404 200 200 200 404
crm:vcards-show              biom person                      GET    in  in  404 200 404 404 200 404
crm:vcards-show              biocat person                    POST   in  in  405 405 405 405 405 405
# imports: read by the cluster, made and decided by its contact; nobody else knows of them
crm:imports-list             -                                GET    in  in  200 200 200 200 200 200
crm:imports-list             -                                POST   in  in  405 405 405 405 405 405
crm:imports-create           -                                GET    in  in  404 200 200 404 200 404
crm:imports-create           -                                POST   in  in  404 200 200 404 200 404
crm:imports-show             biocat import                    GET    in  in  200 404 200 404 200 404
crm:imports-show             biocat import                    POST   in  in  405 405 405 405 405 405
crm:imports-show             biom import                      GET    in  in  404 200 404 404 200 404
crm:imports-show             biowin import                    GET    in  in  404 404 404 404 200 404
crm:imports-describe         biocat import                    GET    in  in  404 404 200 404 200 404
crm:imports-describe         biocat import                    POST   in  in  404 404 200 404 200 404
crm:imports-describe         biom import                      POST   in  in  404 200 404 404 200 404
crm:imports-decide           biocat import                    GET    in  in  404 404 200 404 200 404
crm:imports-decide           biocat import                    POST   in  in  404 404 200 404 200 404
crm:imports-decide           biom import                      POST   in  in  404 200 404 404 200 404
crm:imports-cancel           biocat import                    GET    in  in  404 404 200 404 200 404
crm:imports-cancel           biocat import                    POST   in  in  404 404 302 404 302 404
crm:imports-cancel           biom import                      POST   in  in  404 302 404 404 302 404
crm:imports-undo             biocat import                    GET    in  in  404 404 302 404 302 404
crm:imports-undo             biocat import                    POST   in  in  404 404 302 404 302 404
crm:imports-undo             biom import                      POST   in  in  404 302 404 404 302 404
crm:imports-errors           biocat import                    GET    in  in  404 404 200 404 200 404
crm:imports-errors           biocat import                    POST   in  in  405 405 405 405 405 405
crm:imports-errors           biom import                      GET    in  in  404 200 404 404 200 404
# lists: one cell in place, many rows at once, views of one's own and of one's cluster
crm:cells-person             biocat cell                      GET    in  in  404 404 302 404 302 404
crm:cells-person             biocat cell                      POST   in  in  404 404 302 404 302 404
crm:cells-person             biom cell                        POST   in  in  404 302 404 404 302 404
crm:cells-organisation       biocat organisation cell         GET    in  in  404 404 302 404 302 404
crm:cells-organisation       biocat organisation cell         POST   in  in  404 404 302 404 302 404
crm:cells-organisation       biom organisation cell           POST   in  in  404 302 404 404 302 404
crm:bulk-confirm             people noun                      GET    in  in  404 200 200 404 200 404
crm:bulk-confirm             people noun                      POST   in  in  404 200 200 404 200 404
crm:bulk-show                biocat act                       GET    in  in  404 404 200 404 200 404
crm:bulk-show                biocat act                       POST   in  in  405 405 405 405 405 405
crm:bulk-show                biom act                         GET    in  in  404 200 404 404 200 404
crm:bulk-undo                biocat act                       GET    in  in  404 404 200 404 200 404
crm:bulk-undo                biocat act                       POST   in  in  404 404 302 404 302 404
crm:bulk-undo                biom act                         POST   in  in  404 302 404 404 302 404
crm:saved-views-create       people noun                      GET    in  in  200 200 200 200 200 200
crm:saved-views-create       people noun                      POST   in  in  200 200 200 200 200 200
crm:saved-views-edit         biocat view                      GET    in  in  404 404 200 404 404 404
crm:saved-views-edit         biocat view                      POST   in  in  404 404 200 404 404 404
crm:saved-views-edit         biom view                        GET    in  in  404 200 404 404 404 404
crm:saved-views-overwrite    biocat view                      GET    in  in  405 405 405 405 405 405
crm:saved-views-overwrite    biocat view                      POST   in  in  404 404 302 404 404 404
crm:saved-views-overwrite    biom view                        POST   in  in  404 302 404 404 404 404
crm:saved-views-remove       biocat view                      GET    in  in  404 404 200 404 404 404
crm:saved-views-remove       biocat view                      POST   in  in  404 404 302 404 404 404
crm:saved-views-remove       biom view                        POST   in  in  404 302 404 404 404 404

# missions: read in the alliance; written by its coordinators and by the cluster that leads it
crm:missions-list            -                                GET    in  in  200 200 200 200 200 200
crm:missions-list            -                                POST   in  in  405 405 405 405 405 405
crm:missions-create          -                                GET    in  in  404 404 404 200 200 200
crm:missions-create          -                                POST   in  in  404 404 404 200 200 200
crm:missions-show            mission                          GET    in  in  200 200 200 200 200 404
crm:missions-show            mission                          POST   in  in  405 405 405 405 405 405
crm:missions-show            bioxclusters-plus mission        GET    in  in  200 200 200 200 200 404
crm:missions-show            magia mission                    GET    in  in  404 404 404 404 200 200
crm:missions-edit            mission                          GET    in  in  404 404 200 200 200 404
crm:missions-edit            mission                          POST   in  in  404 404 200 200 200 404
crm:missions-edit            magia mission                    GET    in  in  404 404 404 404 200 200
crm:missions-edit            magia mission                    POST   in  in  404 404 404 404 200 200
crm:missions-archive         mission                          GET    in  in  404 404 200 200 200 404
crm:missions-archive         mission                          POST   in  in  404 404 302 302 302 404
crm:missions-archive         magia mission                    POST   in  in  404 404 404 404 302 302
crm:missions-restore         mission                          GET    in  in  404 404 200 200 200 404
crm:missions-restore         mission                          POST   in  in  404 404 302 302 302 404
crm:deadlines-create         mission                          GET    in  in  404 404 200 200 200 404
crm:deadlines-create         mission                          POST   in  in  404 404 200 200 200 404
crm:deadlines-edit           deadline                         GET    in  in  404 404 200 200 200 404
crm:deadlines-edit           deadline                         POST   in  in  404 404 200 200 200 404
crm:deadlines-edit           magia deadline                   GET    in  in  404 404 404 404 200 200
crm:deadlines-edit           deadline of another mission      GET    in  in  404 404 404 404 404 404
crm:deadlines-remove         deadline                         GET    in  in  404 404 200 200 200 404
crm:deadlines-remove         deadline                         POST   in  in  404 404 302 302 302 404
crm:deadlines-remove         deadline of another mission      POST   in  in  404 404 404 404 404 404
crm:external-routes-edit     mission                          GET    in  in  404 404 200 200 200 404
crm:external-routes-edit     mission                          POST   in  in  404 404 200 200 200 404
crm:external-routes-edit     magia mission                    GET    in  in  404 404 404 404 200 200
crm:programmes-edit          mission's programme              GET    in  in  404 404 200 200 200 404
crm:programmes-edit          mission's programme              POST   in  in  404 404 200 200 200 404
crm:programmes-edit          event's programme                GET    in  in  404 404 200 200 200 404
crm:programmes-edit          event's programme                POST   in  in  404 404 200 200 200 404
crm:programmes-edit          magia mission's programme        GET    in  in  404 404 404 404 200 200
crm:documents-create         mission's programme              GET    in  in  404 404 200 200 200 404
crm:documents-create         mission's programme              POST   in  in  404 404 200 200 200 404
crm:documents-create         event's programme                GET    in  in  404 404 200 200 200 404
crm:documents-create         event's programme                POST   in  in  404 404 200 200 200 404
crm:documents-show           bioxclusters-plus document       GET    in  in  200 200 200 200 200 404
crm:documents-show           bioxclusters-plus document       POST   in  in  405 405 405 405 405 405
crm:documents-show           magia document                   GET    in  in  404 404 404 404 200 200

# events: as missions
crm:events-list              -                                GET    in  in  200 200 200 200 200 200
crm:events-list              -                                POST   in  in  405 405 405 405 405 405
crm:events-create            -                                GET    in  in  404 404 404 200 200 200
crm:events-create            -                                POST   in  in  404 404 404 200 200 200
crm:events-show              event                            GET    in  in  200 200 200 200 200 404
crm:events-show              event                            POST   in  in  405 405 405 405 405 405
crm:events-show              bioxclusters-plus event          GET    in  in  200 200 200 200 200 404
crm:events-show              magia event                      GET    in  in  404 404 404 404 200 200
crm:events-edit              event                            GET    in  in  404 404 200 200 200 404
crm:events-edit              event                            POST   in  in  404 404 200 200 200 404
crm:events-edit              magia event                      GET    in  in  404 404 404 404 200 200
crm:events-archive           event                            GET    in  in  404 404 200 200 200 404
crm:events-archive           event                            POST   in  in  404 404 302 302 302 404
crm:events-restore           event                            GET    in  in  404 404 200 200 200 404
crm:events-restore           event                            POST   in  in  404 404 302 302 302 404
crm:events-restore           magia event                      POST   in  in  404 404 404 404 302 302

# the network; a desk is handed over by its cluster
crm:network-show             -                                GET    in  in  200 200 200 200 200 200
crm:network-show             -                                POST   in  in  405 405 405 405 405 405
crm:contact-points-appoint   -                                GET    in  in  404 200 200 404 200 404
crm:contact-points-appoint   -                                POST   in  in  404 200 200 404 200 404

# the network: an alliance is kept by its coordinator, a cluster by its contacts, the rest by admins
crm:alliances-show           bioxclusters-plus alliance       GET    in  in  200 200 200 200 200 404
crm:alliances-show           bioxclusters-plus alliance       POST   in  in  405 405 405 405 405 405
crm:alliances-show           magia alliance                   GET    in  in  404 404 404 404 200 200
crm:alliances-create         -                                GET    in  in  404 404 404 404 200 404
crm:alliances-create         -                                POST   in  in  404 404 404 404 200 404
crm:alliances-edit           bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
crm:alliances-edit           bioxclusters-plus alliance       POST   in  in  404 404 404 200 200 404
crm:alliances-edit           magia alliance                   GET    in  in  404 404 404 404 200 200
crm:alliances-edit           magia alliance                   POST   in  in  404 404 404 404 200 200
campaigns:logos-edit         bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
campaigns:logos-edit         bioxclusters-plus alliance       POST   in  in  404 404 404 200 200 404
campaigns:logos-edit         magia alliance                   GET    in  in  404 404 404 404 200 200
campaigns:logos-edit         magia alliance                   POST   in  in  404 404 404 404 200 200
campaigns:logos-remove       bioxclusters-plus alliance       GET    in  in  405 405 405 405 405 405
campaigns:logos-remove       bioxclusters-plus alliance       POST   in  in  404 404 404 302 302 404
campaigns:logos-remove       magia alliance                   POST   in  in  404 404 404 404 302 302
crm:participations-create    bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
crm:participations-create    bioxclusters-plus alliance       POST   in  in  404 404 404 200 200 404
crm:participations-create    magia alliance                   GET    in  in  404 404 404 404 200 200
crm:participations-edit      biocat participation             GET    in  in  404 404 404 200 200 404
crm:participations-edit      biocat participation             POST   in  in  404 404 404 200 200 404
crm:participations-edit      biowin participation             GET    in  in  404 404 404 404 200 200
crm:participations-share     biocat participation             GET    in  in  404 404 200 404 200 404
crm:participations-share     biocat participation             POST   in  in  404 404 200 404 200 404
crm:participations-share     biom participation               GET    in  in  404 200 404 404 200 404
crm:participations-share     biom participation               POST   in  in  404 200 404 404 200 404
crm:disclaimers-create       bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
crm:disclaimers-create       bioxclusters-plus alliance       POST   in  in  404 404 404 200 200 404
crm:disclaimers-edit         bioxclusters-plus disclaimer     GET    in  in  404 404 404 200 200 404
crm:disclaimers-edit         bioxclusters-plus disclaimer     POST   in  in  404 404 404 200 200 404
crm:disclaimers-edit         magia disclaimer                 GET    in  in  404 404 404 404 200 200
crm:disclaimers-edit         disclaimer of another alliance   GET    in  in  404 404 404 404 404 404
crm:agreements-create        bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
crm:agreements-create        bioxclusters-plus alliance       POST   in  in  404 404 404 200 200 404
crm:agreements-edit          bioxclusters-plus agreement      GET    in  in  404 404 404 200 200 404
crm:agreements-edit          bioxclusters-plus agreement      POST   in  in  404 404 404 200 200 404
crm:agreements-edit          magia agreement                  GET    in  in  404 404 404 404 200 200
crm:agreements-remove        bioxclusters-plus agreement      GET    in  in  404 404 404 200 200 404
crm:agreements-remove        bioxclusters-plus agreement      POST   in  in  404 404 404 302 302 404
crm:agreements-remove        magia agreement                  GET    in  in  404 404 404 404 200 200
crm:figures-create           bioxclusters-plus figures        GET    in  in  404 404 404 200 200 404
crm:figures-create           bioxclusters-plus figures        POST   in  in  404 404 404 200 200 404
crm:figures-create           biocat figures                   GET    in  in  404 404 200 404 200 404
crm:figures-create           biocat figures                   POST   in  in  404 404 200 404 200 404
crm:figures-create           biom figures                     GET    in  in  404 200 404 404 200 404
crm:clusters-show            biocat cluster                   GET    in  in  200 200 200 200 200 404
crm:clusters-show            biocat cluster                   POST   in  in  405 405 405 405 405 405
crm:clusters-show            biom cluster                     GET    in  in  200 200 200 200 200 404
crm:clusters-show            biowin cluster                   GET    in  in  404 404 404 404 200 200
crm:clusters-create          -                                GET    in  in  404 404 404 404 200 404
crm:clusters-create          -                                POST   in  in  404 404 404 404 200 404
crm:clusters-edit            biocat cluster                   GET    in  in  404 404 200 404 200 404
crm:clusters-edit            biocat cluster                   POST   in  in  404 404 200 404 200 404
crm:clusters-edit            biom cluster                     GET    in  in  404 200 404 404 200 404
crm:clusters-edit            biom cluster                     POST   in  in  404 200 404 404 200 404
crm:labels-create            biocat cluster                   GET    in  in  404 404 200 404 200 404
crm:labels-create            biocat cluster                   POST   in  in  404 404 200 404 200 404
crm:labels-remove            biocat label                     GET    in  in  404 404 200 404 200 404
crm:labels-remove            biocat label                     POST   in  in  404 404 302 404 302 404
crm:labels-remove            biowin label                     GET    in  in  404 404 404 404 200 404
crm:regions-list             -                                GET    in  in  200 200 200 200 200 200
crm:regions-list             -                                POST   in  in  405 405 405 405 405 405
crm:regions-show             region                           GET    in  in  200 200 200 200 200 200
crm:regions-show             region                           POST   in  in  405 405 405 405 405 405
crm:regions-create           -                                GET    in  in  404 404 404 404 200 404
crm:regions-create           -                                POST   in  in  404 404 404 404 200 404
crm:regions-edit             region                           GET    in  in  404 404 404 404 200 404
crm:regions-edit             region                           POST   in  in  404 404 404 404 200 404

# a desk changes hands: its cluster does it, and reads what went over
campaigns:handovers-create   biocat desk                      GET    in  in  404 404 200 404 200 404
campaigns:handovers-create   biocat desk                      POST   in  in  404 404 200 404 200 404
campaigns:handovers-create   biom desk                        GET    in  in  404 200 404 404 200 404
campaigns:handovers-create   biom desk                        POST   in  in  404 200 404 404 200 404
campaigns:handovers-show     biocat hand-over                 GET    in  in  200 404 200 404 200 404
campaigns:handovers-show     biocat hand-over                 POST   in  in  405 405 405 405 405 405
campaigns:handovers-call_off biocat hand-over                 GET    in  in  405 405 405 405 405 405
campaigns:handovers-call_off biocat hand-over                 POST   in  in  404 404 302 404 302 404

# the public directory: everybody reads, the home cluster writes
crm:directory-enter          -                                GET    302 302 302 302 302 302 302 302
crm:directory-enter          -                                POST   405 405 405 405 405 405 405 405
crm:directory-enter          directory entry in any language  GET    302 302 302 302 302 302 302 302
crm:directory-list           directory                        GET    200 200 200 200 200 200 200 200
crm:directory-list           directory                        POST   405 405 405 405 405 405 405 405
crm:directory-sitemap        directory                        GET    200 200 200 200 200 200 200 200
crm:directory-sitemap        directory                        POST   405 405 405 405 405 405 405 405
crm:directory-show           directory entry                  GET    200 200 200 200 200 200 200 200
crm:directory-show           directory entry                  POST   405 405 405 405 405 405 405 405
crm:directory-show           hidden directory entry           GET    404 404 404 404 404 404 404 404
crm:organisations-show       open organisation                GET    in  in  404 200 404 404 200 404
crm:directory-edit           open organisation                GET    in  in  404 200 404 404 200 404
crm:directory-edit           open organisation                POST   in  in  404 200 404 404 200 404
crm:directory-edit           biocat organisation              GET    in  in  404 404 200 404 200 404
crm:directory-edit           both organisation                GET    in  in  404 404 200 404 200 404
crm:directory-publish        biocat organisation              GET    in  in  404 404 200 404 200 404
crm:directory-publish        biocat organisation              POST   in  in  404 404 200 404 200 404
crm:directory-withdraw       open organisation                GET    in  in  404 200 404 404 200 404
crm:directory-withdraw       open organisation                POST   in  in  404 302 404 404 302 404
crm:directory-withdraw       biocat organisation              POST   in  in  404 404 302 404 302 404

# campaigns: announced and sent by the coordinator, read by whose lane they have
campaigns:campaigns-announce mission                          GET    in  in  404 404 404 200 200 404
campaigns:campaigns-announce mission                          POST   in  in  404 404 404 200 200 404
campaigns:campaigns-announce magia mission                    GET    in  in  404 404 404 404 200 200
campaigns:campaigns-invite   event                            GET    in  in  404 404 404 200 200 404
campaigns:campaigns-invite   event                            POST   in  in  404 404 404 200 200 404
campaigns:campaigns-invite   magia event                      GET    in  in  404 404 404 404 200 200
campaigns:follows-embed      bioxclusters-plus alliance       GET    in  in  404 404 404 200 200 404
campaigns:follows-embed      bioxclusters-plus alliance       POST   in  in  405 405 405 405 405 405
campaigns:follows-embed      magia alliance                   GET    in  in  404 404 404 404 200 200
campaigns:campaigns-list     -                                GET    in  in  200 200 200 200 200 200
campaigns:campaigns-list     -                                POST   in  in  405 405 405 405 405 405
campaigns:campaigns-create   -                                GET    in  in  404 404 404 200 200 200
campaigns:campaigns-create   -                                POST   in  in  404 404 404 200 200 200
campaigns:campaigns-show     release                          GET    in  in  200 200 200 200 200 404
campaigns:campaigns-check    release                          GET    in  in  200 200 200 200 200 404
campaigns:embargoes-edit     release                          GET    in  in  404 404 404 200 200 404
campaigns:embargoes-edit     release                          POST   in  in  404 404 404 200 200 404
campaigns:embargoes-edit     magia release                    GET    in  in  404 404 404 404 200 200
campaigns:embargoes-edit     draft                            GET    in  in  404 404 404 404 404 404
campaigns:trials-edit        draft                            GET    in  in  404 404 404 200 200 404
campaigns:trials-edit        draft                            POST   in  in  404 404 404 200 200 404
campaigns:trials-edit        magia call                       GET    in  in  404 404 404 404 200 200
campaigns:trials-drop        draft                            GET    in  in  404 404 404 200 200 404
campaigns:trials-drop        draft                            POST   in  in  404 404 404 302 302 404
campaigns:trials-drop        magia call                       POST   in  in  404 404 404 404 302 302
campaigns:trials-choose      draft                            GET    in  in  405 405 405 405 405 405
campaigns:trials-choose      draft                            POST   in  in  404 404 404 302 302 404
campaigns:trials-choose      magia call                       POST   in  in  404 404 404 404 302 302
campaigns:enclosures-create  release                          GET    in  in  404 404 404 200 200 404
campaigns:enclosures-create  release                          POST   in  in  404 404 404 200 200 404
campaigns:enclosures-create  magia release                    GET    in  in  404 404 404 404 200 200
campaigns:enclosures-create  draft                            POST   in  in  404 404 404 404 404 404
campaigns:enclosures-remove  release's file                   GET    in  in  404 404 404 200 200 404
campaigns:enclosures-remove  release's file                   POST   in  in  404 404 404 302 302 404
campaigns:enclosures-remove  magia release's file             POST   in  in  404 404 404 404 302 302
campaigns:public-enclosure   enclosure                        GET    200 200 200 200 200 200 200 200
campaigns:public-enclosure   enclosure                        POST   405 405 405 405 405 405 405 405
campaigns:comparisons-show   -                                GET    in  in  200 200 200 200 200 200
campaigns:comparisons-show   -                                POST   in  in  405 405 405 405 405 405
campaigns:comparisons-download a file                         GET    in  in  302 302 302 302 302 302
campaigns:comparisons-download a file                         POST   in  in  405 405 405 405 405 405
campaigns:audiences-create   -                                GET    in  in  404 404 404 200 200 200
campaigns:audiences-create   -                                POST   in  in  404 404 404 200 200 200
campaigns:audiences-edit     draft                            GET    in  in  404 404 404 200 200 404
campaigns:audiences-edit     draft                            POST   in  in  404 404 404 200 200 404
campaigns:audiences-edit     magia call                       GET    in  in  404 404 404 404 200 200
campaigns:audiences-build    draft                            GET    in  in  404 404 404 200 200 404
campaigns:audiences-build    draft                            POST   in  in  404 404 404 200 200 404
campaigns:audiences-build    magia call                       GET    in  in  404 404 404 404 200 200
campaigns:saved-audiences-list -                              GET    in  in  404 404 404 200 200 200
campaigns:saved-audiences-list -                              POST   in  in  405 405 405 405 405 405
campaigns:saved-audiences-edit the coordinator's audience     GET    in  in  404 404 404 200 404 404
campaigns:saved-audiences-edit the coordinator's audience     POST   in  in  404 404 404 200 404 404
campaigns:saved-audiences-edit magia's shared audience        GET    in  in  404 404 404 404 404 200
campaigns:saved-audiences-remove the coordinator's audience   GET    in  in  404 404 404 200 404 404
campaigns:saved-audiences-remove the coordinator's audience   POST   in  in  404 404 404 302 404 404
campaigns:saved-audiences-remove magia's shared audience      POST   in  in  404 404 404 404 404 302
campaigns:campaigns-show     call                             GET    in  in  200 200 200 200 200 404
campaigns:campaigns-show     call                             POST   in  in  405 405 405 405 405 405
campaigns:campaigns-show     draft                            GET    in  in  200 200 200 200 200 404
campaigns:campaigns-show     magia call                       GET    in  in  404 404 404 404 200 200
campaigns:campaigns-progress call                             GET    in  in  200 200 200 200 200 404
campaigns:campaigns-progress call                             POST   in  in  405 405 405 405 405 405
campaigns:campaigns-progress magia call                       GET    in  in  404 404 404 404 200 200
campaigns:texts-edit         draft's text                     GET    in  in  404 404 404 200 200 404
campaigns:texts-edit         draft's text                     POST   in  in  404 404 404 200 200 404
campaigns:texts-edit         magia text                       GET    in  in  404 404 404 404 200 200
campaigns:texts-preview      draft's text                     GET    in  in  404 404 404 200 200 404
campaigns:texts-preview      draft's text                     POST   in  in  404 404 404 200 200 404
campaigns:texts-preview      magia text                       GET    in  in  404 404 404 404 200 200
campaigns:texts-paste        draft                            GET    in  in  405 405 405 405 405 405
campaigns:texts-paste        draft                            POST   in  in  404 404 404 200 200 404
campaigns:texts-paste        magia call                       POST   in  in  404 404 404 404 200 200
campaigns:snippets-list      -                                GET    in  in  404 404 404 200 200 200
campaigns:snippets-list      -                                POST   in  in  405 405 405 405 405 405
campaigns:snippets-create    draft's text                     GET    in  in  404 404 404 200 200 404
campaigns:snippets-create    draft's text                     POST   in  in  404 404 404 200 200 404
campaigns:snippets-create    magia text                       GET    in  in  404 404 404 404 200 200
campaigns:snippets-edit      the alliance's snippet           GET    in  in  404 404 404 200 200 404
campaigns:snippets-edit      the alliance's snippet           POST   in  in  404 404 404 200 200 404
campaigns:snippets-edit      magia's snippet                  GET    in  in  404 404 404 404 200 200
campaigns:snippets-archive   the alliance's snippet           GET    in  in  405 405 405 405 405 405
campaigns:snippets-archive   the alliance's snippet           POST   in  in  404 404 404 302 302 404
campaigns:snippets-archive   magia's snippet                  POST   in  in  404 404 404 404 302 302
campaigns:snippets-restore   the alliance's snippet           GET    in  in  405 405 405 405 405 405
campaigns:snippets-restore   the alliance's snippet           POST   in  in  404 404 404 302 302 404
campaigns:snippets-restore   magia's snippet                  POST   in  in  404 404 404 404 302 302
campaigns:text-parts-edit    draft's text                     GET    in  in  404 404 404 200 200 404
campaigns:text-parts-edit    draft's text                     POST   in  in  404 404 404 200 200 404
campaigns:text-parts-edit    magia text                       GET    in  in  404 404 404 404 200 200
campaigns:text-parts-derive  draft's text                     GET    in  in  405 405 405 405 405 405
campaigns:text-parts-derive  draft's text                     POST   in  in  404 404 404 302 302 404
campaigns:text-parts-derive  magia text                       POST   in  in  404 404 404 404 302 302
campaigns:versions-list      draft's text                     GET    in  in  404 404 404 200 200 404
campaigns:versions-list      draft's text                     POST   in  in  405 405 405 405 405 405
campaigns:versions-list      magia text                       GET    in  in  404 404 404 404 200 200
campaigns:versions-keep      draft's text                     GET    in  in  405 405 405 405 405 405
campaigns:versions-keep      draft's text                     POST   in  in  404 404 404 200 200 404
campaigns:versions-keep      magia text                       POST   in  in  404 404 404 404 200 200
campaigns:versions-restore   draft's version                  GET    in  in  405 405 405 405 405 405
campaigns:versions-restore   draft's version                  POST   in  in  404 404 404 302 302 404
campaigns:versions-restore   magia version                    POST   in  in  404 404 404 404 302 302
campaigns:checks-let_pass    draft                            GET    in  in  404 404 404 200 200 404
campaigns:checks-let_pass    draft                            POST   in  in  404 404 404 200 200 404
campaigns:checks-let_pass    magia call                       GET    in  in  404 404 404 404 200 200
campaigns:previews-show      draft                            GET    in  in  200 200 200 200 200 404
campaigns:previews-show      draft                            POST   in  in  405 405 405 405 405 405
campaigns:previews-show      call                             GET    in  in  200 200 200 200 200 404
campaigns:previews-show      magia call                       GET    in  in  404 404 404 404 200 200
campaigns:previews-body      draft                            GET    in  in  200 200 200 200 200 404
campaigns:previews-body      draft                            POST   in  in  405 405 405 405 405 405
campaigns:previews-body      call                             GET    in  in  200 200 200 200 200 404
campaigns:previews-body      magia call                       GET    in  in  404 404 404 404 200 200
campaigns:previews-proof     draft                            GET    in  in  405 405 405 405 405 405
campaigns:previews-proof     draft                            POST   in  in  404 302 302 302 302 404
campaigns:previews-proof     magia call                       POST   in  in  404 404 404 404 302 302
campaigns:campaigns-check    draft                            GET    in  in  200 200 200 200 200 404
campaigns:campaigns-check    draft                            POST   in  in  404 302 302 302 302 404
campaigns:campaigns-check    magia call                       POST   in  in  404 404 404 404 302 302
campaigns:campaigns-check    magia call                       GET    in  in  404 404 404 404 200 200
campaigns:steps-schedule     draft                            GET    in  in  404 404 404 200 200 404
campaigns:steps-schedule     draft                            POST   in  in  404 404 404 200 200 404
campaigns:steps-schedule     magia call                       POST   in  in  404 404 404 404 200 200
campaigns:records-show       draft                            GET    in  in  200 200 200 200 200 404
campaigns:records-show       draft                            POST   in  in  405 405 405 405 405 405
campaigns:records-show       magia call                       GET    in  in  404 404 404 404 200 200
campaigns:records-take_over  draft                            GET    in  in  405 405 405 405 405 405
campaigns:records-take_over  draft                            POST   in  in  404 404 404 302 302 404
campaigns:followups-create   call                             GET    in  in  404 404 404 200 200 404
campaigns:followups-create   call                             POST   in  in  404 404 404 200 200 404
campaigns:followups-create   magia call                       GET    in  in  404 404 404 404 200 200
campaigns:followups-show     draft                            GET    in  in  200 200 200 200 200 404
campaigns:followups-show     draft                            POST   in  in  405 405 405 405 405 405
campaigns:followups-show     magia call                       GET    in  in  404 404 404 404 200 200
campaigns:reminders-create   draft                            GET    in  in  404 404 404 200 200 404
campaigns:reminders-create   draft                            POST   in  in  404 404 404 200 200 404
campaigns:reminders-create   magia call                       GET    in  in  404 404 404 404 200 200
campaigns:reminders-edit     draft's reminder                 GET    in  in  404 404 404 200 200 404
campaigns:reminders-edit     draft's reminder                 POST   in  in  404 404 404 200 200 404
campaigns:reminders-remove   draft's reminder                 GET    in  in  404 404 404 200 200 404
campaigns:reminders-remove   draft's reminder                 POST   in  in  404 404 404 302 302 404
campaigns:steps-unschedule   draft                            GET    in  in  405 405 405 405 405 405
campaigns:steps-unschedule   draft                            POST   in  in  404 404 404 302 302 404
campaigns:steps-pause        call                             GET    in  in  405 405 405 405 405 405
campaigns:steps-pause        call                             POST   in  in  404 404 404 302 302 404
campaigns:steps-pause        magia call                       POST   in  in  404 404 404 404 302 302
campaigns:steps-resume       call                             GET    in  in  404 404 404 200 200 404
campaigns:steps-resume       call                             POST   in  in  404 404 404 302 302 404
campaigns:steps-go_on        call                             GET    in  in  405 405 405 405 405 405
campaigns:steps-go_on        call                             POST   in  in  404 404 404 302 302 404
campaigns:steps-go_on        magia call                       POST   in  in  404 404 404 404 302 302
campaigns:steps-retry        call                             GET    in  in  404 404 404 200 200 404
campaigns:steps-retry        call                             POST   in  in  404 404 404 200 200 404
campaigns:steps-retry        magia call                       POST   in  in  404 404 404 404 200 200
campaigns:steps-cancel       call                             GET    in  in  404 404 404 200 200 404
campaigns:steps-cancel       call                             POST   in  in  404 404 404 302 302 404
campaigns:steps-cancel       magia call                       POST   in  in  404 404 404 404 302 302
campaigns:reports-show       call                             GET    in  in  200 200 200 200 200 404
campaigns:reports-show       call                             POST   in  in  405 405 405 405 405 405
campaigns:reports-show       draft                            GET    in  in  200 200 200 200 200 404
campaigns:reports-show       magia call                       GET    in  in  404 404 404 404 200 200
campaigns:reports-download   call's report                    GET    in  in  200 200 200 200 200 404
campaigns:reports-download   call's report                    POST   in  in  405 405 405 405 405 405
campaigns:reports-people     call                             GET    in  in  200 200 200 200 200 404
campaigns:reports-people     call                             POST   in  in  405 405 405 405 405 405
campaigns:reports-people     draft                            GET    in  in  200 200 200 200 200 404
campaigns:reports-people     magia call                       GET    in  in  404 404 404 404 200 200

# posts: whoever coordinates the alliance writes and publishes
campaigns:posts-list         -                                GET    in  in  404 404 404 200 200 200
campaigns:posts-list         -                                POST   in  in  405 405 405 405 405 405
campaigns:posts-create       -                                GET    in  in  404 404 404 200 200 200
campaigns:posts-create       -                                POST   in  in  404 404 404 200 200 200
campaigns:posts-show         the alliance's post              GET    in  in  404 404 404 200 200 404
campaigns:posts-show         the alliance's post              POST   in  in  405 405 405 405 405 405
campaigns:posts-edit         the alliance's post              GET    in  in  404 404 404 200 200 404
campaigns:posts-edit         the alliance's post              POST   in  in  404 404 404 200 200 404
campaigns:posts-say          the post's text                  GET    in  in  404 404 404 200 200 404
campaigns:posts-say          the post's text                  POST   in  in  404 404 404 200 200 404
campaigns:posts-publish      the alliance's post              GET    in  in  404 404 404 200 200 404
campaigns:posts-publish      the alliance's post              POST   in  in  404 404 404 302 302 404
campaigns:posts-withdraw     the alliance's post              GET    in  in  404 404 404 200 200 404
campaigns:posts-withdraw     the alliance's post              POST   in  in  404 404 404 302 302 404
campaigns:posts-tell         the alliance's post              GET    in  in  404 404 404 200 200 404
campaigns:posts-tell         the alliance's post              POST   in  in  404 404 404 302 302 404

# addresses are known to their own cluster only: an alliance's coordinator asks about none
campaigns:reports-take_out   call's report                    GET    in  in  200 200 200 200 200 404
campaigns:reports-take_out   call's report                    POST   in  in  405 405 405 405 405 405
campaigns:reports-explain    call                             GET    in  in  200 200 200 404 200 404
campaigns:reports-explain    call                             POST   in  in  405 405 405 405 405 405
campaigns:reports-explain    magia call                       GET    in  in  404 404 404 404 200 404

# the undecided desk: each sees and decides what is theirs
campaigns:desk-list          -                                GET    in  in  200 200 200 200 200 200
campaigns:desk-list          -                                POST   in  in  405 405 405 405 405 405
campaigns:desk-leave         -                                GET    in  in  405 405 405 405 405 405
campaigns:desk-leave         -                                POST   in  in  302 302 302 302 302 302
campaigns:desk-again         -                                GET    in  in  302 302 302 302 302 302
campaigns:desk-again         -                                POST   in  in  302 302 302 302 302 302

# the fence: everybody reads that nothing leaves, an administrator confirms
campaigns:fence-show         -                                GET    in  in  200 200 200 200 200 200
campaigns:fence-show         -                                POST   in  in  405 405 405 405 405 405
campaigns:fence-confirm      -                                GET    in  in  405 405 405 405 405 405
campaigns:fence-confirm      -                                POST   in  in  404 404 404 404 200 404

# what the scheduler cannot do: a program's words, for who keeps the installation
campaigns:faults-list        -                                GET    in  in  404 404 404 404 200 404
campaigns:faults-list        -                                POST   in  in  405 405 405 405 405 405

# lanes: each contact signs its own, the coordinator may sign all
campaigns:releases-release_all draft                          GET    in  in  405 405 405 405 405 405
campaigns:releases-release_all draft                          POST   in  in  404 404 404 302 302 404
campaigns:releases-show      biocat lane                      GET    in  in  200 404 200 200 200 404
campaigns:releases-show      biocat lane                      POST   in  in  405 405 405 405 405 405
campaigns:releases-show      biom lane                        GET    in  in  404 200 404 200 200 404
campaigns:releases-show      biowin lane                      GET    in  in  404 404 404 404 200 200
campaigns:releases-show      lane of another call             GET    in  in  404 404 404 404 404 404
campaigns:releases-release   biocat lane                      GET    in  in  405 405 405 405 405 405
campaigns:releases-release   biocat lane                      POST   in  in  404 404 302 302 302 404
campaigns:releases-release   biom lane                        POST   in  in  404 302 404 302 302 404
campaigns:releases-release   biowin lane                      POST   in  in  404 404 404 404 302 302
campaigns:releases-release   lane of another call             POST   in  in  404 404 404 404 404 404
campaigns:releases-hold      biocat lane                      GET    in  in  404 404 200 200 200 404
campaigns:releases-hold      biocat lane                      POST   in  in  404 404 302 302 302 404
campaigns:releases-hold      biom lane                        GET    in  in  404 200 404 200 200 404
campaigns:releases-hold      biom lane                        POST   in  in  404 302 404 302 302 404
campaigns:releases-decline   biocat lane                      GET    in  in  404 404 200 200 200 404
campaigns:releases-decline   biocat lane                      POST   in  in  404 404 302 302 302 404
campaigns:releases-decline   biom lane                        POST   in  in  404 302 404 302 302 404
campaigns:releases-introduce biocat lane                      GET    in  in  404 404 200 200 200 404
campaigns:releases-introduce biocat lane                      POST   in  in  404 404 302 302 302 404
campaigns:releases-introduce biom lane                        GET    in  in  404 200 404 200 200 404
campaigns:releases-introduce biom lane                        POST   in  in  404 302 404 302 302 404
campaigns:releases-since     biocat lane                      GET    in  in  200 404 200 200 200 404
campaigns:releases-since     biocat lane                      POST   in  in  405 405 405 405 405 405
campaigns:releases-since     biom lane                        GET    in  in  404 200 404 200 200 404
campaigns:releases-remind    biocat lane                      GET    in  in  405 405 405 405 405 405
campaigns:releases-remind    biocat lane                      POST   in  in  404 404 404 302 302 404
campaigns:releases-remind    biom lane                        POST   in  in  404 404 404 302 302 404
campaigns:trims-list         biocat lane                      GET    in  in  404 404 200 404 200 404
campaigns:trims-list         biocat lane                      POST   in  in  405 405 405 405 405 405
campaigns:trims-list         biom lane                        GET    in  in  404 200 404 404 200 404
campaigns:trims-list         biowin lane                      GET    in  in  404 404 404 404 200 404
campaigns:trims-take_out     biocat lane                      GET    in  in  405 405 405 405 405 405
campaigns:trims-take_out     biocat lane                      POST   in  in  404 404 302 404 302 404
campaigns:trims-take_out     biom lane                        POST   in  in  404 302 404 404 302 404
campaigns:trims-add          biocat lane                      GET    in  in  405 405 405 405 405 405
campaigns:trims-add          biocat lane                      POST   in  in  404 404 302 404 302 404
campaigns:trims-add          biom lane                        POST   in  in  404 302 404 404 302 404
campaigns:trims-bring_back   biocat lane                      GET    in  in  405 405 405 405 405 405
campaigns:trims-bring_back   biocat lane                      POST   in  in  404 404 302 404 302 404
campaigns:deadlines-edit     draft                            GET    in  in  404 404 404 200 200 404
campaigns:deadlines-edit     draft                            POST   in  in  404 404 404 200 200 404
campaigns:deadlines-edit     magia call                       GET    in  in  404 404 404 404 200 200

# what readers open from their mails: the signed token is the key, whoever holds it
campaigns:public-unsubscribe leaving                          GET    200 200 200 200 200 200 200 200
campaigns:public-unsubscribe leaving                          POST   200 200 200 200 200 200 200 200
campaigns:public-unsubscribe altered leaving                  GET    404 404 404 404 404 404 404 404
campaigns:public-unsubscribe altered leaving                  POST   404 404 404 404 404 404 404 404
campaigns:public-object-to leaving                            GET    200 200 200 200 200 200 200 200
campaigns:public-object-to leaving                            POST   200 200 200 200 200 200 200 200
campaigns:public-object-to altered leaving                    GET    404 404 404 404 404 404 404 404
campaigns:public-object-to altered leaving                    POST   404 404 404 404 404 404 404 404
campaigns:public-answer      answer                           GET    200 200 200 200 200 200 200 200
campaigns:public-answer      answer                           POST   200 200 200 200 200 200 200 200
campaigns:public-answer      altered answer                   GET    404 404 404 404 404 404 404 404
campaigns:public-answer      altered answer                   POST   404 404 404 404 404 404 404 404
campaigns:public-answer      leaving as answer                POST   404 404 404 404 404 404 404 404

# following: a form for everybody, of alliances that have a public topic; the mail's token confirms
campaigns:follows-ask        follow form                      GET    200 200 200 200 200 200 200 200
campaigns:follows-ask        follow form                      POST   200 200 200 200 200 200 200 200
campaigns:follows-ask        magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:follows-ask        magia follow form                POST   404 404 404 404 404 404 404 404
campaigns:follows-asked      follow form                      GET    200 200 200 200 200 200 200 200
campaigns:follows-asked      follow form                      POST   405 405 405 405 405 405 405 405
campaigns:follows-confirm    following                        GET    200 200 200 200 200 200 200 200
campaigns:follows-confirm    following                        POST   200 200 200 200 200 200 200 200
campaigns:follows-confirm    altered following                GET    404 404 404 404 404 404 404 404
campaigns:follows-confirm    altered following                POST   404 404 404 404 404 404 404 404

# what comes to a mailbox: its owner's link
campaigns:own-pages-ask      directory                        GET    200 200 200 200 200 200 200 200
campaigns:own-pages-ask      directory                        POST   200 200 200 200 200 200 200 200
campaigns:own-pages-asked    directory                        GET    200 200 200 200 200 200 200 200
campaigns:own-pages-asked    directory                        POST   405 405 405 405 405 405 405 405
campaigns:own-pages-send     own page                         GET    200 200 200 200 200 200 200 200
campaigns:own-pages-send     own page                         POST   302 302 302 302 302 302 302 302
campaigns:own-pages-send     altered own page                 GET    404 404 404 404 404 404 404 404
campaigns:own-pages-send     altered own page                 POST   404 404 404 404 404 404 404 404
campaigns:own-pages-send     leaving as choosing              POST   404 404 404 404 404 404 404 404
campaigns:address-changes-ask choosing                        GET    200 200 200 200 200 200 200 200
campaigns:address-changes-ask choosing                        POST   200 200 200 200 200 200 200 200
campaigns:address-changes-ask altered choosing                POST   404 404 404 404 404 404 404 404
campaigns:address-changes-answer moving                       GET    200 200 200 200 200 200 200 200
campaigns:address-changes-answer moving                       POST   200 200 200 200 200 200 200 200
campaigns:address-changes-answer altered moving               POST   404 404 404 404 404 404 404 404
campaigns:clicks-choose      choosing                         GET    405 405 405 405 405 405 405 405
campaigns:clicks-choose      choosing                         POST   302 302 302 302 302 302 302 302
campaigns:clicks-choose      altered choosing                 POST   404 404 404 404 404 404 404 404
campaigns:clicks-stop        own page                         GET    200 200 200 200 200 200 200 200
campaigns:clicks-stop        own page                         POST   200 200 200 200 200 200 200 200
campaigns:clicks-stop        altered own page                 POST   404 404 404 404 404 404 404 404
campaigns:clicks-follow      counted link                     GET    302 302 302 302 302 302 302 302
campaigns:clicks-follow      counted link                     POST   405 405 405 405 405 405 405 405
campaigns:clicks-follow      nobody's link                    GET    404 404 404 404 404 404 404 404
campaigns:preferences-show   choosing                         GET    200 200 200 200 200 200 200 200
campaigns:preferences-show   choosing                         POST   200 200 200 200 200 200 200 200
campaigns:preferences-show   altered choosing                 GET    404 404 404 404 404 404 404 404
campaigns:preferences-show   altered choosing                 POST   404 404 404 404 404 404 404 404
campaigns:preferences-show   leaving as choosing              GET    404 404 404 404 404 404 404 404
campaigns:preferences-show   leaving as choosing              POST   404 404 404 404 404 404 404 404

# what is kept about a mailbox's owner: the same link; a mail to them confirms that it goes
campaigns:own-data-show      own data                         GET    200 200 200 200 200 200 200 200
campaigns:own-data-show      own data                         POST   200 200 200 200 200 200 200 200
campaigns:own-data-show      altered choosing                 GET    404 404 404 404 404 404 404 404
campaigns:own-data-show      altered choosing                 POST   404 404 404 404 404 404 404 404
campaigns:own-data-show      erasing                          GET    404 404 404 404 404 404 404 404
campaigns:own-data-show      erasing                          POST   404 404 404 404 404 404 404 404
campaigns:own-data-erase     own data                         GET    200 200 200 200 200 200 200 200
campaigns:own-data-erase     own data                         POST   200 200 200 200 200 200 200 200
campaigns:own-data-erase     altered choosing                 GET    404 404 404 404 404 404 404 404
campaigns:own-data-erase     altered choosing                 POST   404 404 404 404 404 404 404 404
campaigns:own-data-erase     erasing                          GET    404 404 404 404 404 404 404 404
campaigns:own-data-erase     erasing                          POST   404 404 404 404 404 404 404 404
campaigns:erasures-confirm   erasing                          GET    200 200 200 200 200 200 200 200
campaigns:erasures-confirm   erasing                          POST   200 200 200 200 200 200 200 200
campaigns:erasures-confirm   own data                         GET    404 404 404 404 404 404 404 404
campaigns:erasures-confirm   own data                         POST   404 404 404 404 404 404 404 404

# public pages: only of missions and events that have one
campaigns:public-document    document                         GET    200 200 200 200 200 200 200 200
campaigns:public-document    document                         POST   405 405 405 405 405 405 405 405
campaigns:public-document    bioxclusters-plus document       GET    404 404 404 404 404 404 404 404
campaigns:public-document    magia document                   GET    404 404 404 404 404 404 404 404
campaigns:public-image       picture                          GET    200 200 200 200 200 200 200 200
campaigns:public-image       picture                          POST   405 405 405 405 405 405 405 405
campaigns:public-mission     public mission                   GET    200 200 200 200 200 200 200 200
campaigns:public-mission     public mission                   POST   405 405 405 405 405 405 405 405
campaigns:public-mission     bioxclusters-plus public mission GET    404 404 404 404 404 404 404 404
campaigns:public-deadlines   public mission                   GET    200 200 200 200 200 200 200 200
campaigns:public-deadlines   public mission                   POST   405 405 405 405 405 405 405 405
campaigns:public-deadlines   magia public mission             GET    404 404 404 404 404 404 404 404
campaigns:public-event       public event                     GET    200 200 200 200 200 200 200 200
campaigns:public-event       public event                     POST   405 405 405 405 405 405 405 405
campaigns:public-event       magia public event               GET    404 404 404 404 404 404 404 404
campaigns:public-calendar    public event                     GET    200 200 200 200 200 200 200 200
campaigns:public-calendar    public event                     POST   405 405 405 405 405 405 405 405
campaigns:public-calendar    bioxclusters-plus public event   GET    404 404 404 404 404 404 404 404

# the site of an alliance that everybody may follow: what is published, for everybody alike
campaigns:site-enter         site                             GET    302 302 302 302 302 302 302 302
campaigns:site-enter         site                             POST   405 405 405 405 405 405 405 405
campaigns:site-enter         public post in any language      GET    302 302 302 302 302 302 302 302
campaigns:site-front         follow form                      GET    200 200 200 200 200 200 200 200
campaigns:site-front         follow form                      POST   405 405 405 405 405 405 405 405
campaigns:site-about         follow form                      GET    200 200 200 200 200 200 200 200
campaigns:site-about         follow form                      POST   405 405 405 405 405 405 405 405
campaigns:site-controllers   follow form                      GET    200 200 200 200 200 200 200 200
campaigns:site-controllers   follow form                      POST   405 405 405 405 405 405 405 405
campaigns:site-controllers   magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:site-cover         site                             GET    200 200 200 200 200 200 200 200
campaigns:site-cover         site                             POST   405 405 405 405 405 405 405 405
campaigns:site-posts         follow form                      GET    200 200 200 200 200 200 200 200
campaigns:site-posts         follow form                      POST   405 405 405 405 405 405 405 405
campaigns:feeds-show         follow form                      GET    200 200 200 200 200 200 200 200
campaigns:feeds-show         follow form                      POST   405 405 405 405 405 405 405 405
campaigns:site-front         magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:site-about         magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:site-posts         magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:feeds-show         magia follow form                GET    404 404 404 404 404 404 404 404
campaigns:site-post          public post                      GET    200 200 200 200 200 200 200 200
campaigns:site-post          public post                      POST   405 405 405 405 405 405 405 405
campaigns:site-post          unpublished post                 GET    404 404 404 404 404 404 404 404
campaigns:feeds-sitemap      site                             GET    200 200 200 200 200 200 200 200
campaigns:feeds-sitemap      site                             POST   405 405 405 405 405 405 405 405
campaigns:feeds-robots       -                                GET    200 200 200 200 200 200 200 200
campaigns:feeds-robots       -                                POST   405 405 405 405 405 405 405 405

# where providers call: only who knows the secret is heard
campaigns:hooks-receive      provider                         GET    405 405 405 405 405 405 405 405
campaigns:hooks-receive      provider                         POST   403 403 403 403 403 403 403 403
campaigns:hooks-receive      nobody's hook                    POST   404 404 404 404 404 404 404 404

# signing in, and one's own account: allauth's pages, whose rules are its own
account_login                -                                GET    200 200 302 302 302 302 302 302
account_logout               -                                GET    302 302 200 200 200 200 200 200
account_inactive             -                                GET    200 200 200 200 200 200 200 200
account_signup               -                                GET    200 200 302 302 302 302 302 302
account_signup               -                                POST   200 200 302 302 302 302 302 302
account_reset_password       -                                GET    200 200 200 200 200 200 200 200
account_email                -                                GET    in  in  200 200 200 200 200 200
account_change_password      -                                GET    in  in  302 302 302 302 302 302
mfa_index                    -                                GET    in  in  200 200 200 200 200 200
usersessions_list            -                                GET    in  in  200 200 200 200 200 200

# Django's admin is for support staff, which none of these is: a role gives no way in
admin:index                  -                                GET    in  in  in  in  in  in  in  in
admin:index                  -                                POST   in  in  in  in  in  in  in  in
"""

BODIES: dict[str, dict[str, Any]] = {
    "crm:exports-create": {"of": "people", "file_format": "csv", "columns": "all"},
    "crm:cells-person": {"phone": "+1", "version": "2"},
    "crm:cells-organisation": {"city": "Town", "version": "2"},
    "crm:people-edit": {"given": "Kim", "kind": "contact", "version": "2"},
    "crm:addresses-change": {"email": "another@mailbox.example"},
    "campaigns:audiences-build": {
        "in.0.f": "kind",
        "in.0.how": "in",
        "in.0.v": ["contact", "follower"],
        "do": "count",
    },
    "campaigns:releases-hold": {"note": "Wait for the hotels."},
    "campaigns:releases-decline": {"note": "Not this time."},
    "campaigns:releases-introduce": {"texts_de": "Liebe Mitglieder"},
}

# Addresses that need no line of their own: they belong to the account of who is signed in, or
# answer support staff only. `test_the_rest_asks_to_sign_in` holds them to it.
OWN_ACCOUNT = (
    "account_reauthenticate",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
)
SIGNING_IN = (
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
)
SUPPORT = "admin:"
