import errno

import pytest
from botocore.exceptions import EndpointConnectionError

from documents.storing import StorageAway, storing


@pytest.mark.parametrize(
    "fault",
    [OSError(errno.ENOSPC, "No space left on device"), EndpointConnectionError(endpoint_url="http://127.0.0.1:1")],
)
def test_what_the_storage_objects_is_one_refusal_that_names_it(fault, caplog):
    with pytest.raises(StorageAway) as away, storing():
        raise fault
    assert (away.value.__cause__, str(away.value)) == (fault, str(fault))
    assert [record.message for record in caplog.records] == ["the storage of the files fails"]


def test_what_is_no_fault_of_the_storage_stays_what_it_is():
    with pytest.raises(ValueError, match="another"), storing():
        raise ValueError("another")
