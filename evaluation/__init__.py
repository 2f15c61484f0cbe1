"""From admitted to ranked: the commission, its marks, the ranking that anyone can repeat.

Each part of the road (commission, sessions, marking, comparing, closing, publishing, drawing, places) has a module of that
name in ``rules``, ``transitions``, ``actions`` and ``views``. The modules beside those folders, by what they are for:

=========================  ==========================================================================================
exact numbers, PURE        ``methods``, ``pairwise``, ``rounding``, ``scoring``, ``ranking``, ``draw``; ``agreement`` and ``robustness``
                           look at what came out
the published file, PURE   ``published``, ``published_grid``, ``release``, ``changes``; ``spreadsheet`` for people
rows to values             ``publication`` (an area to its ranking), ``progress``, ``composing``, ``departures``, ``declared``, ``ties``
a sheet                    ``asked``, ``gaps``, ``remembering``, ``sheet_page``
read by a person           ``presentation``, ``derivation``, ``results``, ``letters``, ``minutes``; ``strip`` and ``plots`` draw
words and figures          ``words``, ``figures``, ``method_words``, ``comparing_words``, ``robustness_words``
when and where             ``moment_form``
before it leaves           ``leaving`` looks for the data of persons
after the commit           ``duties``, ``minuting``
=========================  ==========================================================================================
"""
