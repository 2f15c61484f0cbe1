"""From the ranking to an open Spazio that a citizen can find.

Each part of the road has a module of its name in ``models``, ``rules``, ``transitions``, ``actions`` and ``views``, its
forms in ``<part>_forms`` beside those folders, and what follows its acts after the commit in ``<part>_duties`` or
``<part>_mails``:

==============  ===================================================================================================
``checks``      the declarations of the selected bodies, all of them or a sample that anybody can draw again
``tables``      the co-design table: partners, sessions, decisions, minutes
``projects``    the project of a table, version by version, and what differs from what was proposed
``agreements``  the agreement: text, parties, guarantees, terms, publication, payments
``spaces``      the Spazi from the plan to the door, their ``tasks``, ``addresses`` and the ``places`` that stay empty
``support``     the partner for the method: plans, meetings, training, links to other services
``directory``   what citizens find of the Spazi (views alone)
``catalogue``   ``accreditation``, services, search
``requests``    what citizens ask for, and the ``quotes``
``reports``     what a Spazio tells of its quarter, and the ``dashboard`` of the network
==============  ===================================================================================================

Of the views, ``<part>`` is what bodies see and ``<part>_desk`` what the office does, where one module would be too long: of the
checks ``check_plan_desk``, ``check_desk`` and the public ``samples``; of the tables ``table_desk``, ``table_session_desk``,
``table_minutes_desk`` and ``public_tables``; of the agreements ``agreement_desk``, ``agreement_text`` and ``agreement_effect`` (after
the signature, as in the actions).

The modules beside the folders, by what they are for:

====================  =============================================================================================
a sample              ``sampling``, PURE; ``replacement``: the steps after a declaration that is not true
a project             ``differences``, ``unitary`` and ``scored``, PURE; ``projects`` reads its rows, ``project_words`` tells them
a signed paper        ``signed_copy``, a program that opens a stranger's file; ``copies`` runs it; ``agreement_signing`` and
                      ``table_minutes`` say who has signed
an agreement          ``contents`` and ``reporting_calendar``, PURE; ``agreement_text`` (units of writing), ``agreement_words``,
                      ``agreement_pdf``, ``agreement_budget``, ``guarantees``, ``agreement_publication`` (art. 27),
                      ``agreement_ending`` (what stands open at the end)
before the door       ``onboarding`` (the usual tasks), PURE; ``board``, ``space_history``
where and when        ``hours``, ``holidays``, ``near``, ``addresses``, ``streets``, ``map`` and ``structured``, PURE; ``gazetteer``
                      reads the fixtures and the streets that were loaded, ``directory`` judges the Spazi of a moment,
                      ``directory_words`` says it, ``example_spaces`` loads those of 2022
finding a service     ``italian`` (stems), ``search``
a request             ``waits``, PURE; ``request_keys`` (the secret address), ``request_words``, ``request_stays`` (who had it
                      when), ``request_silence`` (the terms of the clock), ``request_erasure`` (what the clock does)
a quarter             ``reporting``, PURE; ``report_terms`` (which are owed), ``report_figures`` (rows to values), ``report_final``
                      (the sums of the quarters), ``dashboard``
the partner's work    ``support_history``
drawings, PURE        ``plots``, ``waits_plot``
what waits for whom   ``overview``
two at one form       ``written_at_once``; ``catalogue_units``, ``space_units`` and ``support_units`` (what is one unit)
words and fields      ``words``, ``fields``, ``languages``
====================  =============================================================================================

``demonstration`` fills a new installation with what there is to see.
"""
