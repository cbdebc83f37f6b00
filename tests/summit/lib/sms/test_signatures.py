"""Signatures as in the examples of the providers' documentation."""

from summit.lib.sms import aliyun, tencent


def test_aliyun_signs_as_its_documentation_does():
    # https://help.aliyun.com/document_detail/315526.html, “Fixed parameters”.
    query = aliyun.canonical_query(
        {
            "RegionId": "cn-shanghai",
            "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        }
    )
    headers = {
        "x-acs-action": "RunInstances",
        "x-acs-version": "2014-05-26",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "host": "ecs.cn-shanghai.aliyuncs.com",
    }

    found = aliyun.authorization(
        key_id="YourAccessKeyId",
        key_secret="YourAccessKeySecret",
        query=query,
        headers=headers,
        body=b"",
    )

    assert found == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,"
        "SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;"
        "x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_aliyun_encodes_what_is_signed_by_rfc_3986():
    assert aliyun.canonical_query({"b": "【对接】 *~", "a": "+/="}) == (
        "a=%2B%2F%3D&b=%E3%80%90%E5%AF%B9%E6%8E%A5%E3%80%91%20%2A~"
    )


def test_tencent_signs_as_its_documentation_does():
    # https://cloud.tencent.com/document/api/213/30654, which hides its key behind asterisks
    # and has signed with these.
    body = (
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    )

    found = tencent.authorization(
        key_id="AKID" + "*" * 32,
        key_secret="*" * 32,
        service="cvm",
        host="cvm.tencentcloudapi.com",
        action="DescribeInstances",
        body=body,
        timestamp=1551113065,
    )

    assert found == (
        f"TC3-HMAC-SHA256 Credential=AKID{'*' * 32}/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f"
    )
