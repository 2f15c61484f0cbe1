"""From the ranking to an open Spazio that a citizen can find.

Each part of the road has a module of its name in ``models``, ``rules``, ``transitions``, ``actions`` and ``views``:

=============  ====================================================================================================
``checks``     the declarations of the selected bodies, all of them or a sample that anybody can draw again
``tables``     the co-design table: partners, sessions, decisions, minutes
``projects``   the project of a table, version by version, and what differs from what was proposed
``agreements``  the agreement: text, parties, guarantees, terms, publication, payments
``spaces``     the Spazi from the plan to the door, their tasks, the places that stay empty
``support``    the partner for the method: plans, meetings, training, links to other services
``directory``  what citizens find of the Spazi (views alone)
``catalogue``  accreditation, services, search
``requests``   what citizens ask for, and the quotes
``reports``    what a Spazio tells of its quarter
=============  ====================================================================================================
"""
