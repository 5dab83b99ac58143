"""Mails that come back, in the manner of the servers that write them."""

import datetime as dt

POSTFIX = """\
Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@relay.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="P1/relay.example"

This is a MIME-encapsulated message.

--P1/relay.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I could not deliver your mail.

<somebody@sme.example>: host mx.sme.example[192.0.2.7] said: {said} (in reply to RCPT TO command)

--P1/relay.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 4F2A81C0
Arrival-Date: Sun,  3 May 2026 12:00:00 +0200 (CEST)

Final-Recipient: rfc822; somebody@sme.example
Original-Recipient: rfc822;somebody@sme.example
Action: {action}
Status: {status}
Remote-MTA: dns; mx.sme.example
Diagnostic-Code: smtp; {said}

--P1/relay.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Japan mission

--P1/relay.example--
"""

EXIM = """\
Return-path: <>
Envelope-to: {to}
X-Failed-Recipients: somebody@sme.example
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@relay.example>
To: {to}
Content-Type: multipart/report; report-type=delivery-status; boundary=1700-eximdsn-77
MIME-Version: 1.0
Subject: Mail delivery failed: returning message to sender

--1700-eximdsn-77
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered.

--1700-eximdsn-77
Content-type: message/delivery-status

Reporting-MTA: dns; relay.example

Action: {action}
Final-Recipient: rfc822;somebody@sme.example
Status: 5.0.0
Remote-MTA: dns; mx.sme.example
Diagnostic-Code: smtp; {said}

--1700-eximdsn-77
Content-type: message/rfc822

Return-path: <{to}>
Message-ID: {message_id}
Subject: Japan mission

Body.

--1700-eximdsn-77--
"""

EXCHANGE = """\
From: <postmaster@tenant.example>
To: {to}
Subject: =?utf-8?B?VW56dXN0ZWxsYmFy?=
X-MS-Exchange-Message-Is-Ndr:
Content-Type: multipart/report; report-type=delivery-status;
 boundary="_000_ndr_"
Content-Language: de-DE
MIME-Version: 1.0

--_000_ndr_
Content-Type: multipart/alternative; differences=Content-Type; boundary="_001_ndr_"

--_001_ndr_
Content-Type: text/plain; charset="windows-1252"
Content-Transfer-Encoding: quoted-printable

Ihre Nachricht konnte nicht zugestellt werden. F=FCr Administratoren: {said}

--_001_ndr_
Content-Type: text/html; charset="windows-1252"

<p>Unzustellbar</p>

--_001_ndr_--
--_000_ndr_
Content-Type: message/delivery-status

Reporting-MTA: dns;MAIL01.tenant.example
Received-From-MTA: dns;relay.example

Final-Recipient: RFC822;somebody@sme.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{said}

--_000_ndr_
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Japan mission

Body.

--_000_ndr_--
"""

GMAIL = """\
Delivered-To: {to}
Return-Path: <>
From: Mail Delivery Subsystem <mailer-daemon@bigmail.example>
To: {to}
Auto-Submitted: auto-replied
Subject: Delivery Status Notification (Failure)
Content-Type: multipart/report; boundary="0000ab"; report-type=delivery-status

--0000ab
Content-Type: multipart/related; boundary="0000cd"

--0000cd
Content-Type: text/plain; charset="UTF-8"

** Address not found **

--0000cd--
--0000ab
Content-Type: message/delivery-status

Reporting-MTA: dns; bigmail.example
Arrival-Date: Sun, 03 May 2026 03:00:00 -0700 (PDT)
X-Original-Message-ID: {message_id}

Final-Recipient: rfc822; somebody@sme.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550-{status} The account that you tried to reach does not exist.
 Please check it. {said}
Last-Attempt-Date: Sun, 03 May 2026 03:00:01 -0700 (PDT)

--0000ab
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: Japan mission

Body.

--0000ab--
"""

WRITERS = {"Postfix": POSTFIX, "Exim": EXIM, "Exchange": EXCHANGE, "Gmail": GMAIL}

COMPLAINT = """\
From: <feedback@bigmail.example>
To: <abuse@liaison.example>
Subject: FW: Japan mission
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="arf"

--arf
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--arf
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeFeedbackLoop/1.0
Version: 1
Original-Mail-From: <{sender}>

--arf
Content-Type: message/rfc822

From: Biocat desk <desk@biocat.example>
Message-ID: {message_id}
Subject: Japan mission

Body.

--arf--
"""

CALENDAR = """\
From: {attendee}
To: {to}
Subject: Accepted: Matchmaking
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="cal"

--cal
Content-Type: text/plain; charset=utf-8

I am coming.

--cal
Content-Type: text/calendar; charset="utf-8"; method=REPLY

BEGIN:VCALENDAR
PRODID:-//Somebody//Calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260503T120000Z
DTSTART:20260801T120000Z
SEQUENCE:0
ORGANIZER:mailto:{to}
ATTENDEE;PARTSTAT={partstat};CN=Somebody:MAILTO:{attendee}
END:VEVENT
END:VCALENDAR

--cal--
"""

PLAIN = """\
From: {sender}
To: {to}
Subject: {subject}
{headers}Date: {date}
Content-Type: text/plain; charset=utf-8

{text}
"""


def dsn(
    writer: str = "Postfix",
    *,
    to: str = "replies@liaison.example",
    message_id: str = "<nobody@elsewhere.example>",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 No such user",
) -> bytes:
    """A delivery status report about one mail."""
    text = WRITERS[writer].format(
        to=to, message_id=message_id, action=action, status=status, said=said
    )
    return text.replace("\n", "\r\n").encode()


def complaint(message_id: str = "<x@y.example>", sender: str = "", kind: str = "abuse") -> bytes:
    text = COMPLAINT.format(message_id=message_id, sender=sender, kind=kind)
    return text.replace("\n", "\r\n").encode()


def calendar_answer(to: str, uid: str, attendee: str, partstat: str = "ACCEPTED") -> bytes:
    text = CALENDAR.format(to=to, uid=uid, attendee=attendee, partstat=partstat)
    return text.replace("\n", "\r\n").encode()


def plain(
    to: str = "replies@liaison.example",
    *,
    sender: str = "somebody@sme.example",
    subject: str = "Hello",
    headers: str = "",
    text: str = "A word.",
) -> bytes:
    date = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
    mail = PLAIN.format(
        to=to, sender=sender, subject=subject, headers=headers, text=text, date=date
    )
    return mail.replace("\n", "\r\n").encode()
