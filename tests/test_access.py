"""Who may use each route: one table, checked against the whole URL configuration and for each kind of person.

The moment is the day after the opening of the Spazio. One call has walked the whole road; another is open, with two
applications that the office may count and not read; a third is a draft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.actions import invite
from accounts.models import Organisation, Role, User
from applications.actions.joining import add_member, join
from applications.admissions import compose, with_act
from applications.evidence.dossier import ask as ask_for_the_dossier
from applications.models import AdmissionList, Application, Participant
from bando.actions import load, publish
from bando.clarifying import ask
from bando.drafting import discard, from_file
from bando.models import Call
from bando.states import CallState
from documents.resuming import begin
from documents.uploads import keep
from evaluation.actions import (
    appoint_commission,
    approve_minutes,
    close_evaluation,
    close_session,
    compute_ranking,
    declare,
    finish_sheet,
    open_session,
    plan_session,
    publish_minutes,
    publish_ranking,
    save_marks,
    sign_minutes,
)
from evaluation.models import MemberRole, Sheet
from network.actions import (
    approve_table_minutes,
    close_table_session,
    commit_sample,
    confirm_declaration,
    draft_agreement,
    draw_sample,
    find_irregular,
    open_space,
    open_table,
    open_table_session,
    plan_meeting,
    plan_table_session,
    publish_table_minutes,
    receive_request,
    reply_to_check,
    report_of,
    save_link,
    sign_table_minutes,
    start_project,
)
from network.models import (
    Agreement,
    CheckPlan,
    Guarantee,
    MeetingKind,
    Quote,
    ReportingTerm,
    Request,
    ServiceLink,
    SignedMinutes,
    Space,
    Table,
)
from network.request_keys import key_of
from network.sampling import Rule
from network.states import QuoteState, RequestState
from rehearsal.actions import request as request_rehearsal
from tests.applications.grouping import GROUPS
from tests.builders import (
    NOTICES,
    attach_pdf,
    body,
    complete_draft,
    draft_application,
    person,
    small_pdf,
    submitted_application,
)
from tests.builders_amending import extend, order
from tests.builders_catalogue import offer
from tests.builders_space import ready_to_open
from tests.clock import arriving
from tests.road import APPOINTED, MARKED, OPENED, PUBLISHED, RANKED, admitted, complete, sign
from workflow.duties import pay
from workflow.ledger import digest

NOW = OPENED + timedelta(days=1)
PEOPLE = ("nobody", "stranger", "member", "other", "office", "judge", "conflict", "secretary")

# nobody     not signed in
# stranger   signed in, related to nothing but an invitation
# member     of the body that walked the road (it has applied to the open call too)
# other      member of another body, which has applied to the open call
# office     an official
# judge      a commissioner who has marked the proposal
# conflict   a commissioner who began to mark it and then declared a conflict
# secretary  of the commission, who gives no marks
#
# yes: the page, or what it does; login: sign in first and come back; no: for this person there is no such page; a number:
# what a script is told.
TABLE = """
route                                 of                  how   nobody  stranger  member  other  office  judge  conflict  secretary

home                                  -                   get   yes     yes       yes     yes    yes     yes    yes       yes
health                                -                   get   yes     yes       yes     yes    yes     yes    yes       yes
call                                  concluded           get   yes     yes       yes     yes    yes     yes    yes       yes
call                                  draft_call          get   no      no        no      no     yes     no     no        no
call_questions                        concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
call_questions                        draft_call+domiciliarita get   no      no        no      no     yes     no     no        no
call_document                         concluded+json      get   yes     yes       yes     yes    yes     yes    yes       yes
call_document                         draft_call+yaml     get   no      no        no      no     yes     no     no        no
call_amendment                        open_call+1         get   yes     yes       yes     yes    yes     yes    yes       yes
call_amendment                        draft_call+1        get   no      no        no      no     no      no     no        no
call_amendment_file                   open_call+1         get   yes     yes       yes     yes    yes     yes    yes       yes
call_clarifications                   concluded           get   yes     yes       yes     yes    yes     yes    yes       yes
call_clarifications                   open_call           post  login   yes       yes     yes    yes     yes    yes       yes
call_clarifications                   draft_call          get   no      no        no      no     yes     no     no        no
call_follow                           open_call           post  login   yes       yes     yes    yes     yes    yes       yes
call_follow                           draft_call          post  login   no        no      no     yes     no     no        no
call_calendar                         concluded           get   yes     yes       yes     yes    yes     yes    yes       yes
call_calendar                         draft_call          get   no      no        no      no     yes     no     no        no
call_feed                             concluded           get   yes     yes       yes     yes    yes     yes    yes       yes
call_feed                             draft_call          get   no      no        no      no     no      no     no        no
calls_feed                            -                   get   yes     yes       yes     yes    yes     yes    yes       yes
set_language                          -                   post  yes     yes       yes     yes    yes     yes    yes       yes
privacy                               -                   get   yes     yes       yes     yes    yes     yes    yes       yes
accessibility                         -                   get   yes     yes       yes     yes    yes     yes    yes       yes
legal_notes                           -                   get   yes     yes       yes     yes    yes     yes    yes       yes
verify                                -                   get   yes     yes       yes     yes    yes     yes    yes       yes
verify_program                        -                   get   yes     yes       yes     yes    yes     yes    yes       yes
signing_keys                          -                   get   yes     yes       yes     yes    yes     yes    yes       yes
demo_mail                             -                   get   no      no        no      no     no      no     no        no

account_login                         -                   get   yes     yes       yes     yes    yes     yes    yes       yes
demo_login                            -                   post  no      no        no      no     no      no     no        no
account_signup                        -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_logout                        -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_inactive                      -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_email_verification_sent       -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_confirm_email                 key                 get   yes     yes       yes     yes    yes     yes    yes       yes
account_change_password               -                   get   login   yes       yes     yes    yes     yes    yes       yes
account_reset_password                -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_reset_password_done           -                   get   yes     yes       yes     yes    yes     yes    yes       yes
account_reset_password_from_key       a+key               get   yes     yes       yes     yes    yes     yes    yes       yes
account_reset_password_from_key_done  -                   get   yes     yes       yes     yes    yes     yes    yes       yes
start                                 -                   get   login   yes       yes     yes    yes     yes    yes       yes
profile                               -                   get   login   yes       yes     yes    yes     yes    yes       yes

organisations                         -                   get   login   yes       yes     yes    yes     yes    yes       yes
organisation_new                      -                   get   login   yes       yes     yes    yes     yes    yes       yes
organisation                          body                get   login   no        yes     no     yes     no     no        no
membership                            body+membership     get   login   no        yes     no     no      no     no        no
membership                            body+membership     post  login   no        yes     no     no      no     no        no
invitation_answer                     invitation          post  login   yes       yes     no     no      no     no        no

my_applications                       -                   get   login   yes       yes     yes    yes     yes    yes       yes
application_new                       open_call+area-1    get   login   yes       yes     yes    yes     yes    yes       yes
application_new                       draft_call+domiciliarita get   login   no        no      no     yes     no     no        no
application                           application         get   login   no        yes     no     no      no     no        no
application_section                   application+ente    get   login   no        yes     no     no      no     no        no
application_section                   unsent+ente         post  login   no        yes     no     no      no     no        no
application_autosave                  unsent+ente         post  401     no        400     no     no      no     no        no
application_history                   application+ente    get   login   no        yes     no     no      no     no        no
application_state                     application         get   401     no        yes     no     no      no     no        no
application_attachments               application         get   login   no        yes     no     no      no     no        no
application_upload                    unsent              post  401     no        400     no     no      no     no        no
application_upload_part               unsent+upload       get   401     no        yes     no     no      no     no        no
application_attachment                application+file    get   login   no        yes     no     no      no     no        no
application_attachment_remove         unsent+unsent_file  post  login   no        yes     no     no      no     no        no
application_copy                      unsent              get   login   no        yes     no     no      no     no        no
application_copy                      unsent              post  login   no        yes     no     no      no     no        no
application_restart                   unsent              post  login   no        no      no     no      no     no        no
application_review                    application         get   login   no        yes     no     no      no     no        no
application_people                    application         get   login   no        yes     no     no      no     no        no
application_group                     application         get   login   no        yes     no     no      no     no        no
application_group                     grouped             get   login   no        yes     no     no      no     no        no
application_group                     grouped             post  login   no        yes     no     no      no     no        no
application_member                    grouped+partner     get   login   no        yes     no     no      no     no        no
application_member                    grouped+partner     post  login   no        yes     no     no      no     no        no
application_member                    unsent+partner      get   login   no        no      no     no      no     no        no
application                           grouped             get   login   no        yes     no     no      no     no        no
application_section                   grouped+gruppo      post  login   no        yes     no     no      no     no        no
application_review                    grouped             get   login   no        yes     no     no      no     no        no
application_submit                    grouped             post  login   no        yes     no     no      no     no        no
application_attachment                grouped+grouped_file get  login   no        yes     no     no      no     no        no
participant                           partner             get   login   no        no      yes    no      no     no        no
participant                           partner             post  login   no        no      yes    no      no     no        no
participant                           invited             get   login   yes       no      no     no      no     no        no
participant                           invited             post  login   yes       no      no     no      no     no        no
participant_application               partner             get   login   no        no      yes    no      no     no        no
participant_application               invited             get   login   no        no      no     no      no     no        no
participant_attachment                partner+grouped_file get  login   no        no      yes    no      no     no        no
participant_attachment                partner+unsent_file get   login   no        no      no     no      no     no        no
participant_attachment                invited+grouped_file get  login   no        no      no     no      no     no        no
application_trouble                   application         get   login   no        yes     no     no      no     no        no
application_trouble                   early               post  login   no        yes     no     no      no     no        no
application_submit                    unsent              post  login   no        yes     no     no      no     no        no
application_withdraw                  early               get   login   no        yes     no     no      no     no        no
application_withdraw                  early               post  login   no        yes     no     no      no     no        no
application_completion                application+1       get   login   no        yes     no     no      no     no        no
application_completion                application+1       post  login   no        400     no     no      no     no        no
application_completion_autosave       application+1       post  401     no        400     no     no      no     no        no
application_completion_upload         application+1       post  401     no        400     no     no      no     no        no
application_completion_upload_part    application+1+asked_upload get 401  no        yes     no     no      no     no        no
application_completion_file           application+1       post  login   no        400     no     no      no     no        no
application_completion_send           application+1       get   login   no        yes     no     no      no     no        no
application_completion_send           application+1       post  login   no        yes     no     no      no     no        no
desk_completion_new                   application         get   login   no        no      no     yes     no     no        no
desk_completion_new                   application         post  login   no        no      no     yes     no     no        no
desk_completion_take_back             application+1       get   login   no        no      no     yes     no     no        no
desk_completion_take_back             application+1       post  login   no        no      no     yes     no     no        no
application_rejection                 application+1       get   login   no        yes     no     no      no     no        no
application_rejection                 application+1       post  login   no        yes     no     no      no     no        no
application_receipt                   application         get   login   no        yes     no     no      no     no        no
application_receipt_pdf               application         get   login   no        yes     no     no      no     no        no
application_receipt_data              application         get   login   no        yes     no     no      no     no        no
result_letter                         application         get   login    no       yes      no       yes      no       no       no
result_letter_pdf                     application+1       get   login    no       yes      no       yes      no       no       no
application_observation               application         get   login    no       yes      no       no       no       no       no

desk                                  -                   get   login   no        no      no     yes     no     no        no
desk_call                             concluded           get   login   no        no      no     yes     no     no        no
desk_call                             open_call           get   login   no        no      no     yes     no     no        no
desk_amendments                       open_call           get   login   no        no      no     yes     no     no        no
desk_amend                            open_call+extension get   login   no        no      no     yes     no     no        no
desk_amend                            open_call+rectification get   login   no        no      no     yes     no     no        no
desk_drafts                           -                   get   login   no        no      no     yes     no     no        no
desk_draft                            notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft                            put_aside           get   login   no        no      no     no      no     no        no
desk_draft_part                       notice_draft+aree/0 get   login   no        no      no     yes     no     no        no
desk_draft_part                       notice_draft+niente get   login   no        no      no     no      no     no        no
desk_draft_part                       put_aside+aree/0    get   login   no        no      no     no      no     no        no
desk_draft_export                     notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_history                    notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_state                      notice_draft+1      get   login   no        no      no     yes     no     no        no
desk_draft_preview                    notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_preview_call               notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_preview_pdf                notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_preview_clarifications     notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_preview_sheets             notice_draft        get   login   no        no      no     yes     no     no        no
desk_draft_preview_hub                notice_draft+area-1 get   login   no        no      no     yes     no     no        no
desk_draft_preview_attachments        notice_draft+area-1 get   login   no        no      no     yes     no     no        no
desk_draft_preview_review             notice_draft+area-1 get   login   no        no      no     yes     no     no        no
desk_draft_preview_questions          notice_draft+area-1 get   login   no        no      no     yes     no     no        no
desk_draft_preview_section            notice_draft+area-1+ente get login no       no      no     yes     no     no        no
desk_draft_preview_sheet              notice_draft+area-1 get   login   no        no      no     yes     no     no        no
desk_applications                     concluded           get   login   no        no      no     yes     no     no        no
desk_applications                     open_call           get   login   no        no      no     yes     no     no        no
desk_admissions                       concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_admissions                       concluded+area-1    post  login   no        no      no     yes     no     no        no
desk_application                      application         get   login   no        no      no     yes     no     no        no
desk_application                      early               get   login   no        no      no     no      no     no        no
desk_application                      early               post  login   no        no      no     no      no     no        no
desk_application                      unsent              get   login   no        no      no     no      no     no        no
desk_pause                            application+1       get   login   no        no      no     yes     no     no        no
desk_pause                            application+1       post  login   no        no      no     yes     no     no        no
desk_rejection                        application         get   login   no        no      no     yes     no     no        no
desk_rejection                        application         post  login   no        no      no     yes     no     no        no
desk_evidence                         concluded           get   login   no        no      no     yes     no     no        no
desk_evidence                         open_call           get   login   no        no      no     yes     no     no        no
desk_evidence                         draft_call          get   login   no        no      no     no      no     no        no
desk_dossier                          concluded           get   login   no        no      no     yes     no     no        no
desk_dossier                          open_call           post  login   no        no      no     yes     no     no        no
desk_dossier_file                     dossier             get   login   no        no      no     yes     no     no        no
desk_application_dossier              application         get   login   no        no      no     yes     no     no        no
desk_application_dossier              early               get   login   no        no      no     no      no     no        no
desk_application_dossier              unsent              get   login   no        no      no     no      no     no        no
desk_attachment                       application+file    get   login   no        no      no     yes     no     no        no
desk_attachment                       early+early_file    get   login   no        no      no     no      no     no        no
desk_commission                       concluded           get   login   no        no      no     yes     no     no        no
desk_member_replace                   concluded+seat      get   login   no        no      no     yes     no      no        no
desk_sessions                         concluded           get   login   no        no      no     yes     no      no        no
desk_session                          concluded+1         get   login   no        no      no     yes     no      no        no
desk_minutes                          concluded+1         get   login   no        no      no     yes     no      no        no
desk_minutes_pdf                      concluded+1         get   login   no        no      no     yes     no      no        no
desk_minutes_signed                   concluded+1         get   login   no        no      no     yes     no      no        no
desk_session                          concluded+9         get   login   no        no      no     no      no      no        no
desk_evaluation                       concluded           get   login   no        no      no     yes     no     no        no
desk_plots                            concluded           get   login   no        no      no     yes     no     no        no
desk_plots                            open_call           get   login   no        no      no     yes     no     no        no
desk_ranking                          concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_observations                     concluded+area-1    get   login    no       no       no       yes      no       no       no
desk_draw                             concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_places                           concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_robustness                       concluded+area-1    get   login   no        no      no     yes     no     no        no
commission_robustness                 concluded+area-1    get   login   no        no      no     no      yes    no        yes
application_renounce                  early               get   login   no        no      no     no      no     no        no
draw                                  concluded+area-1    get   no      no        no      no     no      no     no        no
draw_json                             concluded+area-1+1  get   no      no        no      no     no      no     no        no
ranking_robustness                    concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_robustness                    concluded+area-2    get   no      no        no      no     no      no     no        no
ranking_robustness_json               concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
desk_check_areas                      -                   get   login   no        no      no     yes     no     no        no
desk_checks                           concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_checks                           open_call+area-1    get   login   no        no      no     yes     no     no        no
desk_check                            irregular           get   login   no        no      no     yes     no     no        no
desk_check_file                       confirmed           get   login   no        no      no     yes     no     no        no
desk_check_file                       irregular           get   login   no        no      no     no      no     no        no
desk_check_file                       irregular+1         get   login   no        no      no     yes     no     no        no
desk_agreement                        application         get   login   no        no      no     yes     no     no        no
desk_agreement                        early               get   login   no        no      no     no      no     no        no
desk_agreements                       -                   get   login   no        no      no     yes     no     no        no
desk_agreement_text                   application         get   login   no        no      no     yes     no     no        no
desk_agreement_pdf                    application         get   login   no        no      no     yes     no     no        no
desk_agreement_parties                application         get   login   no        no      no     yes     no     no        no
desk_agreement_guarantees             application         get   login   no        no      no     yes     no     no        no
desk_agreement_signatures             application         get   login   no        no      no     yes     no     no        no
desk_agreement_publication            application         get   login   no        no      no     yes     no     no        no
desk_agreement_payments               application         get   login   no        no      no     yes     no     no        no
desk_agreement_terms                  application         get   login   no        no      no     yes     no     no        no
desk_agreement_text                   early               get   login   no        no      no     no      no     no        no
desk_agreement_guarantee              application+guarantee get   login   no        no      no     yes     no     no        no
desk_agreement_party                  application+party   get   login   no        no      no     yes     no     no        no
desk_clarifications                   open_call           get   login   no        no      no     yes     no     no        no
desk_clarify                          open_call           get   login   no        no      no     yes     no     no        no
desk_clarify                          open_call           post  login   no        no      no     yes     no     no        no
desk_enquiry                          enquiry             get   login   no        no      no     yes     no     no        no
desk_enquiry                          enquiry             post  login   no        no      no     yes     no     no        no
desk_spaces                           -                   get   login   no        no      no     yes     no     no        no
desk_space                            space               get   login   no        no      no     yes     no     no        no
desk_space_tasks                      space               get   login   no        no      no     yes     no     no        no
desk_space_tasks                      space               post  login   no        no      no     yes     no     no        no
desk_space_address                    space               get   login   no        no      no     yes     no     no        no
desk_space_address                    space               post  login   no        no      no     yes     no     no        no
desk_board                            -                   get   login   no        no      no     yes     no     no        no
desk_task                             task                get   login   no        no      no     yes     no     no        no
desk_task                             task                post  login   no        no      no     yes     no     no        no
desk_empty_places                     concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_empty_places                     concluded+area-9    get   login   no        no      no     no      no     no        no
desk_rehearsals                       -                   get   login   no        no      no     yes     no     no        no
desk_rehearsal                        rehearsal           get   login   no        no      no     yes     no     no        no
desk_rehearsal                        rehearsal           post  login   no        no      no     yes     no     no        no

my_evaluations                        -                   get   login   yes       yes     yes    yes     yes    yes       yes
sheets                                concluded           get   login   no        no      no     no      yes    yes       yes
sheets                                open_call           get   login   no        no      no     no      no     no        no
declarations                          concluded           get   login   no        no      no     no      yes    yes       no
sheet                                 sheet               get   login   no        no      no     no      yes    no        no
sheet                                 sheet               post  login   no        no      no     no      yes    no        no
sheet                                 void_sheet          get   login   no        no      no     no      no     no        no
sheet_autosave                        sheet               post  401     no        no      no     no      400    no        no
sheet_autosave                        void_sheet          post  401     no        no      no     no      no     no        no
sheet_history                         sheet               get   login   no        no      no     no      yes    no        no
sheet_history                         sheet               post  login   no        no      no     no      no     no        no
sheet_history                         void_sheet          get   login   no        no      no     no      no     no        no
evaluation_session                    -                   get   401     yes       yes     yes    yes     yes    yes       yes
criterion_review                      concluded+area-1+esperienza get login   no        no      no     no      yes    yes       no
criterion_review                      open_call+area-1+esperienza get login   no        no      no     no      no     no        no
evaluation_attachment                 sheet+file          get   login   no        no      no     no      yes    no        no
evaluation_attachment                 void_sheet+file     get   login   no        no      no     no      no     no        no
comparison                            concluded+area-1+esperienza get login no          no      no     no      no     no        no
composition                           concluded+area-1    get   login   no        no      no     yes     yes    yes       yes
composition                           open_call+area-1    get   login   no        no      no     yes     no     no        no
collegial                             concluded           get   login   no        no      no     no      no     no        no
commission_sessions                   concluded           get   login   no        no      no     no      yes     yes       yes
commission_session                    concluded+1         get   login   no        no      no     no      yes     yes       yes
commission_session                    concluded+1         post  login   no        no      no     no      yes     yes       yes
commission_minutes                    concluded+1         get   login   no        no      no     no      yes     yes       yes
commission_minutes                    concluded+1         post  login   no        no      no     no      no      no        no
commission_minutes_pdf                concluded+1         get   login   no        no      no     no      yes     no        yes
commission_minutes_signed             concluded+1         get   login   no        no      no     no      yes     no        yes
public_minutes                        concluded+1         get   yes     yes       yes     yes    yes     yes     yes       yes
public_minutes                        concluded+2         get   no      no        no      no     no      no      no        no
public_minutes_pdf                    concluded+1         get   yes     yes       yes     yes    yes     yes     yes       yes
admissions                            concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
admissions                            concluded+area-2    get   no      no        no      no     no      no     no        no
admissions_json                       concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
admissions_csv                        concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking                               concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking                               concluded+area-2    get   no      no        no      no     no      no     no        no
ranking_json                          concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_csv                           concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_pdf                           concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_ods                           concluded+area-1    get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_version                       concluded+area-1+1  get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_version_json                  concluded+area-1+1  get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_version_csv                   concluded+area-1+1  get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_version_ods                   concluded+area-1+1  get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_version_pdf                   concluded+area-1+1  get   yes      yes      yes      yes      yes      yes      yes      yes
ranking_json                          concluded+area-2    get   no      no        no      no     no      no     no        no
ranking_check                         -                   get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_check                         concluded+area-1    get   yes     yes       yes     yes    yes     yes    yes       yes
ranking_check                         concluded+area-2    get   no      no        no      no     no      no     no        no
ranking_verifier                      -                   get   yes     yes       yes     yes    yes     yes    yes       yes

desk_table                            concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_table                            concluded+area-2    get   login   no        no      no     yes     no     no        no
desk_table_session                    concluded+area-1+1  get   login   no        no      no     yes     no     no        no
desk_table_minutes                    concluded+area-1+1  get   login   no        no      no     yes     no     no        no
desk_table_minutes_pdf                concluded+area-1+1  get   login   no        no      no     yes     no     no        no
desk_table_minutes_signed             concluded+area-1+1+signed_minutes get login no no     no     yes     no     no        no
tables                                -                   get   login   yes       yes     yes    yes     yes    yes       yes
table                                 table               get   login   no        yes     no     yes     no     no        no
table_session                         table+1             get   login   no        yes     no     yes     no     no        no
table_minutes_pdf                     table+1             get   login   no        yes     no     yes     no     no        no
table_minutes_sign                    table+1             get   login   no        yes     no     no      no     no        no
public_table                          table               get   yes     yes       yes     yes    yes     yes    yes       yes
public_table_minutes                  table+1             get   yes     yes       yes     yes    yes     yes    yes       yes
public_table_minutes                  table+2             get   no      no        no      no     no      no     no        no
desk_project_new                      concluded+area-1    get   login   no        no      no     yes     no     no        no
desk_project                          project             get   login   no        no      no     yes     no     no        no
desk_project_section                  project+proposta    get   login   no        no      no     yes     no     no        no
desk_project_section                  project+proposta    post  login   no        no      no     yes     no     no        no
project                               project             get   login   no        yes     no     yes     no     no        no
project_section                       project+proposta    get   login   no        yes     no     yes     no     no        no
project_section                       project+proposta    post  login   no        yes     no     yes     no     no        no
project_version                       project+0           get   login   no        yes     no     yes     no     no        no
project_difference                    project+0+0         get   login   no        yes     no     yes     no     no        no
checks                                -                   get   login   yes       yes     yes    yes     yes    yes       yes
check                                 irregular           get   login   no        yes     no     no      no     no        no
check_file                            irregular+1         get   login   no        yes     no     no      no     no        no
sample                                sample              get   yes     yes       yes     yes    yes     yes    yes       yes
sample_json                           sample              get   yes     yes       yes     yes    yes     yes    yes       yes
sample_checks_json                    sample              get   yes     yes       yes     yes    yes     yes    yes       yes
agreement                             agreement           get   login   no        yes     no     yes     no     no        no
agreement_file                        agreement           get   login   no        yes     no     yes     no     no        no
agreement_text_pdf                    agreement           get   login   no        yes     no     yes     no     no        no
agreement_sign                        to_sign             get   login   no        yes     no     no      no     no        no
agreement_sign                        agreement           get   login   no        no      no     no      no     no        no
public_agreements                     -                   get   yes     yes       yes     yes    yes     yes    yes       yes
agreements_csv                        2022                get   yes     yes       yes     yes    yes     yes    yes       yes
agreements_csv                        2021                get   no      no        no      no     no      no     no        no
agreements_json                       2022                get   yes     yes       yes     yes    yes     yes    yes       yes
agreements_json                       2021                get   no      no        no      no     no      no     no        no
my_spaces                             -                   get   login   yes       yes     yes    yes     yes    yes       yes
my_space                              space               get   login   no        yes     no     yes     no     no        no
my_space                              space               post  login   no        yes     no     yes     no     no        no
task                                  task                get   login   no        yes     no     yes     no     no        no
task                                  task                post  login   no        yes     no     yes     no     no        no
task_file                             task                get   login   no        yes     no     yes     no     no        no
spaces                                -                   get   yes     yes       yes     yes    yes     yes    yes       yes
my_network                            -                   get   login   yes       yes     yes    yes     yes    yes       yes
my_reports                            -                   get   login   no        yes     no     no      no     no        no
report                                space+term          get   login   no        yes     no     no      no     no        no
desk_network                          -                   get   login   no        no      no     yes     no     no        no
desk_reports                          -                   get   login   no        no      no     yes     no     no        no
desk_reports_csv                      -                   get   login   no        no      no     yes     no     no        no
desk_report                           report              get   login   no        no      no     yes     no     no        no
support                               -                   get   login   no        yes     no     yes     no     no        no
support_space                         space               get   login   no        yes     no     yes     no     no        no
support_space                         space               post  login   no        no      no     yes     no     no        no
service_links                         -                   get   login   no        yes     no     yes     no     no        no
service_link                          link                get   login   no        no      no     yes     no     no        no
meeting_new                           -                   get   login   no        no      no     yes     no     no        no
meeting                               meeting             get   login   no        yes     no     yes     no     no        no
meeting_calendar                      meeting             get   login   no        yes     no     yes     no     no        no
space                                 space_slug          get   yes     yes       yes     yes    yes     yes    yes       yes
space                                 planned_slug        get   no      no        no      no     no      no     no        no

services                              -                   get   yes     yes       yes     yes    yes     yes    yes       yes
services_csv                          -                   get   yes     yes       yes     yes    yes     yes    yes       yes
services_json                         -                   get   yes     yes       yes     yes    yes     yes    yes       yes
service                               service_slug        get   yes     yes       yes     yes    yes     yes    yes       yes
service                               draft_service_slug  get   no      no        no      no     no      no     no        no
accredited                            -                   get   yes     yes       yes     yes    yes     yes    yes       yes
accredited_csv                        -                   get   yes     yes       yes     yes    yes     yes    yes       yes
accredited_body                       body                get   yes     yes       yes     yes    yes     yes    yes       yes
accredited_body                       other_body          get   no      no        no      no     no      no     no        no
accreditation_notices                 -                   get   yes     yes       yes     yes    yes     yes    yes       yes
accreditation_notice                  accreditation_notice get   yes     yes       yes     yes    yes     yes    yes       yes
accreditation_notice                  accreditation_notice post  login   yes       yes     yes    yes     yes    yes       yes
accreditation_notice                  unopened_notice     get   no      no        no      no     no      no     no        no
accreditations                        -                   get   login   yes       yes     yes    yes     yes    yes       yes
accreditation                         accreditation       get   login   no        yes     no     no      no     no        no
accreditation                         unsent_accreditation post  login   no        yes     no     no      no     no        no
accreditation_file                    accreditation+accreditation_file get   login   no        yes     no     no      no     no        no
my_services                           -                   get   login   yes       yes     yes    yes     yes    yes       yes
my_service_new                        -                   get   login   yes       yes     yes    yes     yes    yes       yes
my_service                            service             get   login   no        yes     no     yes     no     no        no
my_service                            service             post  login   no        yes     no     yes     no     no        no
my_service                            draft_service       get   login   no        yes     no     no      no     no        no
desk_accreditation_notices            -                   get   login   no        no      no     yes     no     no        no
desk_accreditation_notice             unopened_notice     get   login   no        no      no     yes     no     no        no
desk_accreditation                    accreditation       get   login   no        no      no     yes     no     no        no
desk_accreditation                    unsent_accreditation get   login   no        no      no     no      no     no        no
desk_accreditation_file               accreditation+accreditation_file get   login   no        no      no     yes     no     no        no
desk_services                         -                   get   login   no        no      no     yes     no     no        no
desk_synonyms                         -                   get   login   no        no      no     yes     no     no        no
desk_synonyms                         -                   post  login   no        no      no     yes     no     no        no
desk_misses                           -                   get   login   no        no      no     yes     no     no        no
desk_misses                           -                   post  login   no        no      no     yes     no     no        no
request_new                           -                   get   yes  yes  yes  yes  yes  yes  yes  yes
request_follow                        asked_number+asked_key get   yes  yes  yes  yes  yes  yes  yes  yes
request_follow                        asked_number+other_key get   no  no  no  no  no  no  no  no
request_receipt                       asked_number+asked_key get   yes  yes  yes  yes  yes  yes  yes  yes
request_receipt                       asked_number+other_key get   no  no  no  no  no  no  no  no
requests                              -                   get   login  no  yes  yes  yes  no  no  no
request_enter                         -                   get   login  no  yes  no  yes  no  no  no
request                               asked               get   login  no  yes  yes  yes  no  no  no
request                               asked               post  login  no  yes  yes  yes  no  no  no
request_slip                          asked               get   login  no  no  no  no  no  no  no
quote_new                             asked               get   login  no  no  yes  no  no  no  no
quote                                 quote               get   login  no  yes  yes  yes  no  no  no
desk_request_times                    -                   get   login  no  no  no  yes  no  no  no
spaces_data                           -                   get   yes     yes       yes     yes    yes     yes    yes       yes
spaces_geojson                        -                   get   yes     yes       yes     yes    yes     yes    yes       yes
spaces_csv                            -                   get   yes     yes       yes     yes    yes     yes    yes       yes
"""


@dataclass(frozen=True)
class Row:
    route: str
    of: str
    how: str
    answers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.how} {self.route} of {self.of}"


def rows() -> list[Row]:
    header, *lines = [line.split() for line in TABLE.splitlines() if line]
    assert tuple(header[3:]) == PEOPLE
    return [Row(route, of, how, dict(zip(PEOPLE, answers, strict=True))) for route, of, how, *answers in lines]


def routes(patterns: list[Any]) -> Iterator[str | None]:
    """The name of every route of the site; ``None`` for one without."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.name


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert {row.route for row in rows()} == set(routes(get_resolver().url_patterns))


@dataclass
class World:
    """``things`` is what the column "of" names; ``clients`` one browser per kind of person."""

    things: dict[str, Any]
    clients: dict[str, Client]
    early: Application


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once: each test works in a savepoint of the transaction that it is built in."""
    with django_db_blocker.unblock(), transaction.atomic():
        with arriving(NOW):
            made = _world()
        yield made
        transaction.set_rollback(True)


def _world() -> World:
    road = admitted()
    office, application = road.office, road.application
    judge, conflict, secretary = road.members[0], road.members[1], person(name="Marta Segretaria")
    stranger, other = person(name="Ugo Estraneo"), person(name="Luca Altro")
    sheet, void_sheet = _evaluated(road, [judge, conflict, road.members[2], secretary])
    table, signed_minutes = _table(road)
    project = start_project(table, [road.fresh()], title="Progetto", by=office, at=PUBLISHED)
    agreement = draft_agreement(road.fresh(), at=OPENED)
    sign(agreement, by=office)
    space = Space.objects.get(partnership__agreement=agreement)
    complete(space)
    ready_to_open(space, by=office, at=OPENED)
    open_space(space, on=date(2022, 5, 2), by=office, at=OPENED)
    task = space.tasks.first()
    task.document = keep(small_pdf("Contratto"), name="contratto.pdf", media_type="application/pdf", by=office, at=NOW)
    task.save()
    planned = Space.objects.create(slug="spazio-previsto", name="Spazio previsto")
    sample = _checks(road)
    called = {"kind": MeetingKind.NETWORK, "title": "Incontro", "minutes": 60, "place": "Sala", "agenda": "", "spaces": [space]}
    meeting = plan_meeting(space.partnership, starts_at=NOW, **called, by=office, at=NOW)
    terms = {"number": 90, "first_day": date(2022, 5, 1), "last_day": date(2022, 7, 31), "due_on": date(2022, 8, 30)}
    report = report_of(space, ReportingTerm.objects.create(agreement=agreement, **terms))
    link = ServiceLink(kind="other", name="Altro", what_for="x", contact="y")
    save_link(link, spaces=[], by=office, at=NOW)

    open_call = _call_open_now(office)
    early = submitted_application(open_call, by=road.applicant, organisation=application.organisation, at=NOW)
    submitted_application(open_call, by=other, organisation=body("Associazione Altrove", by=other), at=NOW)
    unsent = complete_draft(
        draft_application(open_call, "area-2", by=road.applicant, organisation=application.organisation), at=NOW
    )
    grouped, partner, invited = _group(road.applicant, application.organisation, other, stranger)
    act = keep(small_pdf("Proroga"), name="proroga.pdf", media_type="application/pdf", by=office, at=NOW)
    extend(open_call, open_call.closes_at + timedelta(days=1), order=order("12", at=NOW, file=act), by=office, at=NOW)
    draft_call = load((NOTICES / "gorgonzola-2024.yaml").read_text(), at=NOW)
    enquiry = ask(open_call, section="", text="Chi può partecipare?", by=other, at=NOW)
    notice_draft, put_aside = (from_file((NOTICES / "spazi-wemi-2021.yaml").read_bytes(), by=office, at=NOW) for _n in range(2))
    discard(put_aside, at=NOW)
    content = with_act(compose(road.call, "area-1", reasons={}), number="40", day=NOW.date())
    AdmissionList.objects.create(
        call=road.call,
        area_code="area-1",
        number=1,
        content=content,
        sha256=digest(content),
        act_number="40",
        act_date=NOW.date(),
        published_at=NOW,
        by=office,
    )
    application.rejection_notices.create(
        number=1, by=office, at=NOW, due_at=NOW + timedelta(days=10), reasons="Manca il requisito."
    )
    asked = application.completion_requests.create(
        number=1, by=office, at=NOW, due_at=NOW + timedelta(days=10), reason="Manca la firma.", questions=["proposta.titolo"]
    )
    invitation = invite(application.organisation, email=stranger.email, role=Role.REFERENT, by=road.applicant, at=NOW)
    dossier = ask_for_the_dossier(road.call, None, by=office, at=NOW)
    citizens, quote = _asked(space, other.memberships.get().organisation)
    offered = offer(application.organisation, by=road.applicant, office=office, at=NOW)
    while pay(NOW):
        pass
    people = dict(zip(PEOPLE, [None, stranger, road.applicant, other, office, judge, conflict, secretary], strict=True))
    things = {
        "concluded": road.call.slug,
        "open_call": open_call.slug,
        "draft_call": draft_call.slug,
        "notice_draft": notice_draft.pk,
        "put_aside": put_aside.pk,
        "body": application.organisation.pk,
        "membership": application.organisation.memberships.get().pk,
        "invitation": invitation.pk,
        "enquiry": enquiry.pk,
        "rehearsal": request_rehearsal(text=draft_call.version.text, by=office, at=NOW).pk,
        "application": application.pk,
        "file": application.attachments.first().pk,
        "dossier": dossier.pk,
        "early": early.pk,
        "early_file": early.attachments.first().pk,
        "unsent": unsent.pk,
        "unsent_file": unsent.attachments.first().pk,
        "upload": begin(f"attachment:{unsent.pk}::statuto", name="a.pdf", size=9, by=road.applicant, at=NOW).pk,
        "asked_upload": begin(
            f"attachment:{application.pk}:{asked.pk}:statuto", name="a.pdf", size=9, by=road.applicant, at=NOW
        ).pk,
        "grouped": grouped.pk,
        "grouped_file": grouped.attachments.first().pk,
        "partner": partner.pk,
        "invited": invited.pk,
        "sheet": sheet.pk,
        "void_sheet": void_sheet.pk,
        "seat": sheet.member_id,
        "table": table.pk,
        "project": project.pk,
        "signed_minutes": signed_minutes.pk,
        "agreement": agreement.pk,
        "sample": sample.pk,
        "irregular": sample.checks.get(state="irregular").pk,
        "confirmed": sample.checks.get(state="confirmed").pk,
        "guarantee": _published(agreement).pk,
        "party": agreement.parties.last().pk,
        "to_sign": _to_sign(early).pk,
        "space": space.pk,
        "task": task.pk,
        "meeting": meeting.pk,
        "term": report.term_id,
        "report": report.pk,
        "link": link.pk,
        "space_slug": space.slug,
        "asked": citizens.pk,
        "asked_number": citizens.number,
        "asked_key": key_of(citizens),
        "other_key": key_of(citizens)[::-1],
        "quote": quote.pk,
        "planned_slug": planned.slug,
        "other_body": other.memberships.get().organisation_id,
        "service": offered.public.pk,
        "service_slug": offered.public.slug,
        "draft_service": offered.draft.pk,
        "draft_service_slug": offered.draft.slug,
        "accreditation": offered.accreditation.pk,
        "accreditation_file": offered.file.pk,
        "unsent_accreditation": offered.unsent.pk,
        "accreditation_notice": offered.notice.pk,
        "unopened_notice": offered.unopened.pk,
    }
    return World(things, {name: _client(user) for name, user in people.items()}, early)


def _published(agreement: Agreement) -> Guarantee:
    """Public since its Spazio opened, with its paper, a file of each party and a guarantee."""
    kept = agreement.document
    Agreement.objects.filter(pk=agreement.pk).update(text=kept)
    agreement.parties.update(signed=kept)
    facts = {"kind": "other", "issuer": "A", "number": "1", "amount_cents": 1, "valid_until": date(2024, 4, 30)}
    return agreement.guarantees.create(**facts, document=kept)


def _to_sign(application: Application) -> Agreement:
    row = Agreement.objects.create(application=application, state="ready", created_at=NOW)
    row.parties.create(organisation=application.organisation, signer="A")
    return row


def _checks(road: Any) -> CheckPlan:
    """A sample that drew everything: one declaration is irregular, with the answer of the body, and one confirmed."""
    rule, by = Rule(100, 1, each_proposal=False), road.office
    due = {"value_at": OPENED + timedelta(hours=1), "due_on": date(2022, 6, 30)}
    plan = commit_sample(road.call, "area-1", rule=rule, source="Lotto", **due, by=by, at=OPENED)
    draw_sample(plan, value="1 2 3", by=by, at=due["value_at"])
    irregular, confirmed = plan.checks.all()[:2]
    paper, answer = (
        keep(small_pdf(name), name="prova.pdf", media_type="application/pdf", by=by, at=NOW) for name in ("Nuovo", "Risposta")
    )
    find_irregular(irregular, due_at=NOW + timedelta(days=9), reason="Non si legge.", by=by, at=NOW)
    reply_to_check(irregular, text="Ecco.", document=paper, by=road.applicant, at=NOW)
    confirm_declaration(confirmed, document=answer, by=by, at=NOW)
    return plan


def _group(lead: User, body: Organisation, other: User, stranger: User) -> tuple[Application, Participant, Participant]:
    """A draft of a group on a call of its own: a body of ``other`` has come in, and ``stranger`` is invited."""
    text = GROUPS.replace("id: prova", "id: in-gruppo").replace("2021-09-01T09", "2022-04-17T12")
    text = text.replace("2021-10-13T12", "2022-05-13T12").replace("2021-10-18T12", "2022-05-18T12")
    call = load(text, at=OPENED - timedelta(days=20))
    Call.objects.filter(pk=call.pk).update(state=CallState.PUBLISHED, published_at=OPENED - timedelta(days=20))
    call = Call.objects.with_notice().get(pk=call.pk)
    application = draft_application(call, "uno", by=lead, organisation=body)
    attach_pdf(application, "statuto", by=lead, at=NOW)
    facts = {"tasks": "", "share": None, "by": lead, "at": NOW}
    partner = add_member(application, name="Altrove", email=other.email, **facts)
    join(partner, other.memberships.get().organisation, by=other, at=NOW)
    return application, partner, add_member(application, name="Estranei", email=stranger.email, **facts)


def _evaluated(road: Any, people: list[User]) -> tuple[Sheet, Sheet]:
    """The ranking of the area is published; the sheet of the judge, and that of who found out a conflict later."""
    roles = (MemberRole.CHAIR, MemberRole.MEMBER, MemberRole.MEMBER, MemberRole.SECRETARY)
    seats = list(zip(people, roles, strict=True))
    call, application = road.call, road.application
    commission = appoint_commission(
        call, members=seats, act_number="12", act_date=date(2021, 10, 25), by=road.office, at=APPOINTED
    )
    judge, conflict, third, _secretary = commission.members.all()
    for member in (judge, conflict, third):
        declare(member, application, in_conflict=False, at=APPOINTED + timedelta(days=1))
    declare(conflict, application, in_conflict=True, note="Ci ho lavorato.", at=APPOINTED + timedelta(days=2))
    grid = call.notice.grid_for("area-1")
    for member in (judge, third):
        sheet = Sheet.objects.get(member=member, application=application)
        given = {criterion.code: (grid.scale[0].coefficient, "Completa.") for criterion in grid.criteria}
        save_marks(sheet, given, by=member.user, at=MARKED)
        finish_sheet(sheet, by=member.user, at=MARKED)
    session = plan_session(
        commission, kind="public", area_code="", planned_at=RANKED, place="Sala", agenda="Esame.", by=road.office, at=MARKED
    )
    open_session(session, dict.fromkeys([judge.pk, conflict.pk], ""), by=judge.user, at=RANKED)
    close_evaluation(call, "area-1", by=judge.user, at=RANKED)
    close_session(session, by=judge.user, at=RANKED)
    approve_minutes(session, seen=0, by=judge.user, at=RANKED)
    ranking = compute_ranking(call, "area-1", by=road.office, at=RANKED)
    publish_ranking(
        ranking,
        act_number="340",
        act_date=date(2021, 12, 6),
        unfilled_reason="È arrivata una sola proposta.",
        by=road.office,
        at=PUBLISHED,
    )
    while pay(RANKED):  # the PDF that is signed
        pass
    sign_minutes(session, SimpleUploadedFile("verbale.pdf", small_pdf("Verbale")), by=judge.user, at=RANKED)
    publish_minutes(session, text="", parts={}, reasons=True, weighed=True, by=road.office, at=PUBLISHED)
    return Sheet.objects.get(member=judge), Sheet.objects.get(member=conflict)


def _asked(space: Space, answering: Organisation) -> tuple[Request, Quote]:
    """A citizen's request that the Spazio follows, at a body whose quote was not accepted."""
    facts = {"need": "Un aiuto.", "name": "Rosa", "phone": "333 0001112", "space": space}
    asked = receive_request(pk=uuid4(), at=NOW, **facts)
    Request.objects.filter(pk=asked.pk).update(state=RequestState.ROUTED, organisation=answering)
    terms = {"amount_cents": 1, "text": "Un'ora", "valid_until": NOW.date(), "offered_at": NOW, "state": QuoteState.DECLINED}
    return asked, Quote.objects.create(request=asked, organisation=answering, number=1, **terms)


def _table(road: Any) -> tuple[Table, SignedMinutes]:
    """The table of the area after one session, whose minutes are signed by the office and published."""
    act, hour = {"by": road.office}, timedelta(hours=1)
    table = open_table(road.call, "area-1", at=PUBLISHED, **act)
    planned_at = PUBLISHED + hour
    session = plan_table_session(table, planned_at=planned_at, place="Sala", agenda="Progetto", at=PUBLISHED, **act)
    here = {None: [("Rita", "")], table.partners.get().pk: [("Carla", "")]}
    open_table_session(session, here, at=planned_at, **act)
    close_table_session(session, at=planned_at, **act)
    approve_table_minutes(session, seen=0, at=planned_at, **act)
    while pay(planned_at):  # the PDF that is signed
        pass
    upload = SimpleUploadedFile("verbale.pdf", small_pdf("Verbale"))
    signed = sign_table_minutes(session, upload, partner=None, at=planned_at, **act)
    publish_table_minutes(session, agenda="Progetto", text="", decisions={}, weighed=False, at=planned_at, **act)
    return table, signed


def _call_open_now(office: User) -> Call:
    text = (NOTICES / "spazi-wemi-2021.yaml").read_text()
    moved = {"id: spazi-wemi-2021": "id: ancora-aperto", "2021-09-17T12": "2022-04-17T12"}
    moved |= {"2021-10-13T12": "2022-05-13T12", "2021-10-18T12": "2022-05-18T12"}
    for old, new in moved.items():
        assert old in text
        text = text.replace(old, new)
    call = load(text, at=OPENED - timedelta(days=20))
    publish(call, by=office, at=OPENED - timedelta(days=20))
    return Call.objects.with_notice().get(pk=call.pk)


def _client(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=str)
def test_a_route_answers_each_person_as_its_row_says(world: World, row: Row) -> None:
    names = [] if row.of == "-" else row.of.split("+")
    url = reverse(row.route, args=[world.things.get(name, name) for name in names])
    assert {name: _answer(world.clients[name], url, row.how) for name in PEOPLE} == row.answers


def _answer(client: Client, url: str, how: str) -> str:
    with arriving(NOW), transaction.atomic():
        response = getattr(client, how)(url)
        if response.streaming:
            list(response)  # a file is closed by whoever reads it to its end
        transaction.set_rollback(True)  # what a POST did is undone: the next person finds what the first one found
    to = response.headers.get("Location", "")
    if response.status_code == 302 and to.startswith(reverse("account_login")):
        assert to == f"{reverse('account_login')}?next={url}"
        return "login"
    return {200: "yes", 302: "yes", 409: "yes", 404: "no"}.get(response.status_code, f"{response.status_code}")


@pytest.mark.django_db
def test_before_the_deadline_the_office_reads_numbers_and_nothing_of_what_they_count(world: World) -> None:
    early, after = world.early, Application.objects.select_related("organisation").get(pk=world.things["application"])
    secrets = [early.organisation.name, "Associazione Altrove", early.number, early.current.answers["proposta"]["titolo"]]
    shown = []
    for route, of in [("desk", []), ("desk_call", ["open_call"]), ("desk_applications", ["open_call"])]:
        page = _office_reads(world, route, of)
        shown += [(route, secret) for secret in secrets if secret in page]
        assert "Ricevute" in page
    assert shown == []
    page = _office_reads(world, "desk_applications", ["concluded"])  # after it, names and numbers are there
    assert [after.organisation.name in page, after.number in page] == [True, True]


def _office_reads(world: World, route: str, of: list[str]) -> str:
    with arriving(NOW):
        return world.clients["office"].get(reverse(route, args=[world.things[name] for name in of])).content.decode()
