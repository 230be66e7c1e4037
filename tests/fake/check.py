"""Holds the tests' GitLab server against python-gitlab, a client that was written for the real one.

Usage: check.py ADDRESS, where ADDRESS is the root of the server without `/api/v4`.
"""

import sys

import gitlab

BOT, READER, JOB, OLD = "token-of-the-bot", "token-that-reads", "token-of-the-job", "token-of-old"
COMMITS = {"base_sha": "b" * 40, "start_sha": "5" * 40, "head_sha": "c" * 40}


def refused(status, call, *arguments, **options):
    """The words of a refusal, which must have this status."""
    try:
        call(*arguments, **options)
    except gitlab.exceptions.GitlabError as error:
        assert error.response_code == status, f"{error.response_code}: {error}"
        return str(error)
    raise AssertionError(f"not refused: {call} {arguments} {options}")


def merge_requests(project):
    assert [mr.iid for mr in project.mergerequests.list(iterator=True, per_page=3, sort="asc")] == list(range(1, 8))
    page = project.mergerequests.list(per_page=3, iterator=True)
    assert (page.total, page.total_pages, page.current_page, page.prev_page, page.next_page) == (7, 3, 1, None, 2)
    mr = project.mergerequests.get(1)
    assert mr.title == "Merge request 1" and mr.diff_refs == COMMITS and mr.reviewers[0]["username"] == "bob"
    assert [commit.title for commit in mr.commits()] == ["Raise the limit", "Begin"]
    versions = mr.diffs.list(get_all=True)
    assert versions[0].head_commit_sha == COMMITS["head_sha"]
    files = project.manager.gitlab.http_list("/projects/7/merge_requests/1/diffs", iterator=True, per_page=2)
    assert [file["new_path"] for file in files] == ["docs/limits.md", "docs/new.md", "data/big.json"]
    assert [change["too_large"] for change in mr.changes()["changes"]] == [False, False, True]
    return mr


def notes(mr, reader_mr):
    note = mr.notes.create({"body": "First."})
    note.body = "Second."
    note.save()
    assert mr.notes.get(note.id).body == "Second." and note.author["username"] == "proclint-bot"
    assert not note.system and note.noteable_iid == 1
    assert "can't be blank" in refused(400, mr.notes.create, {"body": "  "})
    assert "is too long" in refused(400, mr.notes.create, {"body": "x" * 1_000_001})
    only = mr.notes.create({"body": "/label ~bug"})
    assert only.attributes["commands_changes"] and "id" not in only.attributes
    refused(403, reader_mr.notes.create, {"body": "Hello."})
    refused(404, mr.notes.get, 1)
    gone = mr.notes.create({"body": "Gone soon."})
    gone.delete()
    assert [note.body for note in mr.notes.list(iterator=True, per_page=1)] == ["Second."]


def threads(mr):
    def at(**line):
        position = {"position_type": "text", "old_path": "docs/limits.md", "new_path": "docs/limits.md", **COMMITS, **line}
        return {"body": "Here.", "position": position}

    for line in ({"new_line": 3}, {"old_line": 3}, {"old_line": 4, "new_line": 5}):
        thread = mr.discussions.create(at(**line))
        note = thread.attributes["notes"][0]
        assert note["type"] == "DiffNote" and note["resolvable"] and note["position"]["new_path"] == "docs/limits.md"
    for line in ({"new_line": 5}, {"new_line": 99}, {"old_line": 3, "new_line": 3}, {"new_line": 3, "new_path": "no.md"}):
        assert "must be a valid line code" in refused(400, mr.discussions.create, at(**line))
    assert "head_sha" in refused(400, mr.discussions.create, at(new_line=3, head_sha=None))

    thread = mr.discussions.create({"body": "Why?"})
    reply = thread.notes.create({"body": "Because."})
    reply.body = "Just because."
    reply.save()
    thread.resolved = True
    thread.save()
    thread = mr.discussions.get(thread.id)
    assert len(thread.id) == 40 and [note["resolved"] for note in thread.attributes["notes"]] == [True, True]
    assert thread.attributes["notes"][1]["body"] == "Just because."
    thread.resolved = False
    thread.save()
    assert not mr.discussions.get(thread.id).attributes["notes"][0]["resolved"]
    note = thread.notes.get(thread.attributes["notes"][0]["id"])
    note.resolved = True
    note.save()
    assert mr.discussions.get(thread.id).attributes["notes"][0]["resolved_by"]["username"] == "proclint-bot"
    assert len(mr.discussions.list(iterator=True, per_page=2)) == len(mr.discussions.list(get_all=True))


def issues(project):
    by_key = project.issues.list(iterator=True, pagination="keyset", order_by="created_at", sort="asc", per_page=10)
    by_number = project.issues.list(iterator=True, order_by="created_at", sort="asc", per_page=10)
    by_key, by_number = [issue.iid for issue in by_key], [issue.iid for issue in by_number]
    assert by_key == by_number == list(range(1, 46))
    assert "Keyset" in refused(405, project.labels.list, pagination="keyset", get_all=True)
    opened = project.issues.list(state="opened", labels=["workflow::design"], get_all=True)
    assert len(opened) == 15, len(opened)
    assert [issue.iid for issue in project.issues.list(iids=[3, 4], get_all=True)] == [4, 3]

    issue = project.issues.get(1)
    assert [link.link_type for link in issue.links.list(get_all=True)] == ["blocks"]
    body = 'Done.\n\n/label ~"workflow::design"\n/milestone %19.5\n/assign @bob\n/close\n\n- x\n/reopen\n'
    note = issue.notes.create({"body": body})
    assert note.body == "Done.\n\n\n- x\n/reopen", repr(note.body)
    issue = project.issues.get(1)
    assert (issue.state, issue.labels, issue.milestone["title"]) == ("closed", ["bug", "workflow::design"], "19.5")
    issue.notes.create({"body": '/label ~"workflow::in dev"'})
    assert project.issues.get(1).labels == ["bug", "workflow::in dev"], "one label of a scope"
    moves = [(event.action, event.label["name"]) for event in issue.resourcelabelevents.list(get_all=True)]
    assert moves == [("add", "workflow::design"), ("remove", "workflow::design"), ("add", "workflow::in dev")], moves
    assert issue.resourcemilestoneevents.list(get_all=True)[0].milestone["title"] == "19.5"
    assert issue.resourcestateevents.list(get_all=True)[0].state == "closed"
    issue.state_event, issue.labels = "reopen", ["bug"]
    issue.save()
    assert project.issues.get(1).state == "opened"


def project_facts(project):
    assert {label.name for label in project.labels.list(iterator=True, per_page=4)} >= {"bug", "type::maintenance"}
    label = project.labels.create({"name": "late", "color": "#112233"})
    assert label.name == "late"
    refused(409, project.labels.create, {"name": "late", "color": "#112233"})
    assert [milestone.title for milestone in project.milestones.list(get_all=True)] == ["19.4", "19.5"]
    assert [member.username for member in project.members_all.list(get_all=True)] == ["anna", "bob"]


def access(address):
    def project(**token):
        return gitlab.Gitlab(address, **token).projects.get("group/project")

    assert "404 Project Not Found" in refused(404, project)
    assert "401 Unauthorized" in refused(401, project, private_token="nonsense")
    assert "invalid_token" in refused(401, project, private_token=OLD)
    refused(404, project, job_token=JOB)
    job = gitlab.Gitlab(address, job_token=JOB).projects.get(7, lazy=True).mergerequests.get(1)
    assert job.title == "Merge request 1" and job.notes.list(get_all=True)
    refused(401, job.discussions.list, get_all=True)
    refused(401, job.notes.create, {"body": "Hello."})
    reader = gitlab.Gitlab(address, private_token=READER, keep_base_url=True)
    reader.auth()
    assert reader.user.username == "reader"
    assert reader.personal_access_tokens.get("self").scopes == ["read_api"]
    assert "insufficient_scope" in refused(403, reader.projects.get(7).issues.get(2).notes.create, {"body": "Hello."})


def main(address):
    bot = gitlab.Gitlab(address, private_token=BOT)
    project = bot.projects.get("group/project")
    reader = gitlab.Gitlab(address, private_token=READER).projects.get(7)
    mr = merge_requests(project)
    notes(mr, reader.mergerequests.get(1))
    threads(mr)
    issues(project)
    project_facts(project)
    access(address)
    group = bot.groups.get("group")
    assert len(group.issues.list(get_all=True)) == 45 and group.epics.get(5).title == "Limits"
    print(f"python-gitlab {gitlab.__version__} agrees with the fake server")


if __name__ == "__main__":
    main(sys.argv[1])
