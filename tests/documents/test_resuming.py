"""A file in parts: what is kept after each, what is not, and that it becomes one document."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from documents import resuming
from documents.models import Document, Upload, UploadPart
from documents.resuming import KEPT_FOR, LARGEST_PART, MOST_UNDER_WAY, CutShort, add_part, assembled, begin, discard, finish
from documents.uploads import Unacceptable, lay, reading_of
from tests.builders import WORKDAY, person
from tests.together import together
from workflow.duties import pay

CONTENT = bytes(range(256)) * 40
PURPOSE = "attachment:a::statuto"


@pytest.fixture
def who(db) -> User:
    return person()


def begun(who: User, **more) -> Upload:
    return begin(PURPOSE, **{"name": "bilancio.pdf", "size": len(CONTENT), "fingerprint": "1", "by": who, "at": WORKDAY} | more)


def part(upload: Upload, start: int, end: int, *, content: bytes = CONTENT, at=WORKDAY) -> Upload:
    return add_part(upload, BytesIO(content[start:end]), offset=start, size=end - start, at=at)


def laid(upload: Upload) -> Document:
    with assembled(upload) as file:
        return lay(file, media_type="application/pdf", by=upload.by, at=WORKDAY)


def stored(upload: Upload) -> list[str]:
    try:
        return default_storage.listdir(f"uploads/{upload.pk}")[1]
    except FileNotFoundError:
        return []


def test_parts_become_the_very_file_and_leave_when_it_is_whole(who: User) -> None:
    upload = begun(who)
    for start, end in [(0, 4000), (4000, 9000), (9000, len(CONTENT))]:
        upload = part(upload, start, end, at=WORKDAY + timedelta(seconds=start))
        assert upload.offset == end
    assert len(stored(upload)) == 3
    document = laid(upload)
    assert finish(upload, document) is True
    assert (document.sha256, document.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    with document.file.open() as kept:
        assert kept.read() == CONTENT
    pay(WORKDAY)
    assert stored(upload) == []
    moments = [(row.offset, row.size, row.received_at) for row in UploadPart.objects.filter(upload=upload.pk)]
    assert moments == [
        (0, 4000, WORKDAY),
        (4000, 5000, WORKDAY + timedelta(seconds=4000)),
        (9000, 1240, WORKDAY + timedelta(seconds=9000)),
    ]
    assert resuming.last_arrival(upload) == WORKDAY + timedelta(seconds=9000)


@pytest.mark.parametrize("start", [0, 2000, 6000])
def test_a_part_that_is_not_the_next_one_is_left_alone(who: User, start: int) -> None:
    upload = part(begun(who), 0, 4000)
    assert part(upload, start, start + 1000).offset == 4000
    assert (UploadPart.objects.count(), len(stored(upload))) == (1, 1)


def test_a_part_that_ends_before_what_it_announced_is_not_kept(who: User) -> None:
    upload = begun(who)
    with pytest.raises(CutShort) as refusal:
        add_part(upload, BytesIO(CONTENT[:3999]), offset=0, size=4000, at=WORKDAY)
    assert (
        str(refusal.value)
        == "La connessione si è interrotta: questa parte del file non è arrivata intera. Riprendi il caricamento."
    )
    upload.refresh_from_db()
    assert (upload.offset, UploadPart.objects.count(), stored(upload)) == (0, 0, [])


@pytest.mark.parametrize(
    ("size", "offset", "kept"),
    [(LARGEST_PART, 0, True), (LARGEST_PART + 1, 0, False), (0, 0, False), (1, 2 * LARGEST_PART, False)],
)
def test_a_part_has_a_largest_size_and_ends_with_the_file(who: User, size: int, offset: int, kept: bool) -> None:
    upload, content = begun(who, size=2 * LARGEST_PART), bytes(LARGEST_PART + 1)
    if kept:
        assert add_part(upload, BytesIO(content), offset=offset, size=size, at=WORKDAY).offset == size
        return
    with pytest.raises(Unacceptable) as refusal:
        add_part(upload, BytesIO(content), offset=offset, size=size, at=WORKDAY)
    assert str(refusal.value) == "Questa parte del file non corrisponde: ricarica la pagina e scegli di nuovo il file."
    assert not UploadPart.objects.exists()


def test_a_device_finds_again_the_file_that_it_began(who: User) -> None:
    upload = part(begun(who), 0, 4000)
    assert begun(who).pk == upload.pk
    assert begun(who, name="C:\\Documenti\\bilancio.pdf").pk == upload.pk
    others = [
        begun(who, name="altro.pdf"),
        begun(who, size=9),
        begun(who, fingerprint="2"),
        begun(person()),
        begun(who, fingerprint=""),
        begun(who, fingerprint=""),
    ]
    assert len({upload.pk, *(other.pk for other in others)}) == 7


def test_another_content_than_the_device_announced_is_refused(who: User) -> None:
    right, wrong = hashlib.sha256(CONTENT).hexdigest(), hashlib.sha256(b"").hexdigest()
    with assembled(part(begun(who, sha256=right), 0, len(CONTENT))) as file:
        assert (file.size, reading_of(file).sha256) == (len(CONTENT), right)
    other = part(begun(who, sha256=wrong, fingerprint="2"), 0, len(CONTENT))
    with pytest.raises(Unacceptable) as refusal, assembled(other):
        pass
    assert str(refusal.value) == (
        "Il file «bilancio.pdf» è arrivato diverso da quello sul tuo dispositivo e non l'abbiamo tenuto. Caricalo di nuovo."
    )


def test_bytes_that_the_storage_lost_are_never_passed_off_as_the_file(who: User) -> None:
    upload = part(begun(who), 0, len(CONTENT))
    path = UploadPart.objects.get().path
    default_storage.delete(path)
    default_storage.save(path, BytesIO(CONTENT[:-1]))
    with pytest.raises(OSError, match="10239 bytes in the storage, not 10240"), assembled(upload):
        pass


def test_a_file_is_finished_once(who: User) -> None:
    upload = part(begun(who), 0, len(CONTENT))
    first, second = laid(upload), laid(upload)
    assert [finish(upload, first), finish(upload, second)] == [True, False]
    assert Document.objects.get().pk == first.pk


def test_what_is_given_up_leaves_nothing_in_the_storage(who: User) -> None:
    upload = part(begun(who), 0, 4000)
    discard(upload)
    pay(WORKDAY)
    assert (stored(upload), Upload.objects.exists(), UploadPart.objects.count()) == ([], False, 1)
    assert finish(upload, Document()) is False


def test_a_finished_file_can_not_be_given_up(who: User) -> None:
    upload = part(begun(who), 0, len(CONTENT))
    finish(upload, laid(upload))
    discard(upload)
    assert Upload.objects.get().document == Document.objects.get()


def test_what_nobody_touches_for_a_week_is_swept_and_what_goes_on_is_not(who: User) -> None:
    left, gone_on, finished = begun(who), begun(who, fingerprint="2"), begun(who, fingerprint="3")
    part(left, 0, 4000)
    part(gone_on, 0, 4000, at=WORKDAY + timedelta(days=3))
    finish(part(finished, 0, len(CONTENT)), laid(finished))
    due = WORKDAY + KEPT_FOR
    pay(due - timedelta(microseconds=1))
    assert Upload.objects.count() == 3
    while pay(due):
        pass
    assert set(Upload.objects.all()) == {gone_on, finished}
    assert stored(left) == []
    while pay(due + timedelta(days=3)):
        pass
    assert (set(Upload.objects.all()), stored(gone_on)) == ({finished}, [])


def test_beginnings_without_end_make_room_for_new_ones(who: User) -> None:
    uploads = [begun(who, fingerprint=str(number), at=WORKDAY + timedelta(seconds=number)) for number in range(MOST_UNDER_WAY)]
    other = begun(person())
    resuming.make_room(who, "attachment:a:")
    assert set(Upload.objects.all()) == {*uploads[1:], other}


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_place_keep_one_part() -> None:
    who = person()
    upload = begun(who)
    short, long = together(lambda: part(upload, 0, 2000), lambda: part(upload, 0, 4000))
    row = UploadPart.objects.get()
    assert (short.offset, long.offset, row.offset) == (row.size, row.size, 0)
    with default_storage.open(row.path) as kept:
        assert kept.read() == CONTENT[: row.size]
    assert len(stored(upload)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_begin_the_same_file_begin_one_upload() -> None:
    who = person()
    first, second = together(lambda: begun(who), lambda: begun(who))
    assert first.pk == second.pk == Upload.objects.get().pk
