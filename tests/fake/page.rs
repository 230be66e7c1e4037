//! Pages of a list, by number or by key, with the headers GitLab gives.

use serde_json::Value;

use super::answer::{Answer, Outcome};
use super::request::Request;

/// Above so many items GitLab counts no more.
const COUNTED: usize = 10_000;

/// Further than this a list cannot be paged by number where it can be paged by key.
const FURTHEST: usize = 50_000;

/// The page of `items` that is asked for; `keyset` says whether the list can be paged by key.
pub(super) fn page(request: &Request, items: Vec<Value>, keyset: bool) -> Outcome {
    if request.text("pagination").as_deref() == Some("keyset") {
        return if keyset {
            by_key(request, items)
        } else {
            Err(Answer::error(405, "Keyset pagination is not yet available for this type of request"))
        };
    }
    let per_page = per_page(request)?;
    let page = number(request, "page")?.unwrap_or(1).max(1);
    let skipped = (page - 1) * per_page;
    if keyset && skipped >= FURTHEST {
        let error = "Offset pagination has a maximum allowed offset of 50000 for requests that return objects of \
                     type Issue. Remaining records can be retrieved using keyset pagination.";
        return Err(Answer::error(405, error));
    }
    let total = items.len();
    let last = total.div_ceil(per_page).max(1);
    let shown: Vec<Value> = items.into_iter().skip(skipped).take(per_page).collect();
    let mut answer = Answer::ok(&Value::Array(shown));
    let link = |page: usize, rel: &str| {
        let with = [("page", page.to_string()), ("per_page", per_page.to_string())];
        format!("<{}>; rel=\"{rel}\"", address(request, &with))
    };
    let next = (page < last).then_some(page + 1);
    let before = (page > 1).then(|| page - 1);
    let mut links: Vec<String> = before.iter().map(|page| link(*page, "prev")).collect();
    links.extend(next.map(|page| link(page, "next")));
    links.push(link(1, "first"));
    let shown = |page: Option<usize>| page.map(|page| page.to_string()).unwrap_or_default();
    if total <= COUNTED {
        links.push(link(last, "last"));
        answer.headers.extend([("x-total", total.to_string()), ("x-total-pages", last.to_string())]);
    }
    answer.headers.extend([
        ("link", links.join(", ")),
        ("x-page", page.to_string()),
        ("x-per-page", per_page.to_string()),
        ("x-next-page", shown(next)),
        ("x-prev-page", shown(before)),
    ]);
    Ok(answer)
}

/// By `created_at` or `id`; the cursor names the last item of the page before.
fn by_key(request: &Request, mut items: Vec<Value>) -> Outcome {
    let order = request.text("order_by").unwrap_or_else(|| "created_at".to_owned());
    if !["created_at", "updated_at", "id"].contains(&order.as_str()) {
        return Err(Answer::error(405, "Keyset pagination is not yet available for this type of request"));
    }
    let per_page = per_page(request)?;
    let key = |item: &Value| (item[order.as_str()].to_string(), item["id"].as_u64().unwrap_or(0));
    if order == "id" {
        items.sort_by_key(|item| item["id"].as_u64());
    } else {
        items.sort_by_key(key);
    }
    if request.text("sort").as_deref() != Some("asc") {
        items.reverse();
    }
    let after = match request.text("cursor") {
        None => 0,
        Some(cursor) => {
            let id = cursor.strip_prefix("after-").and_then(|id| id.parse::<u64>().ok());
            let place = items.iter().position(|item| item["id"].as_u64() == id);
            place.ok_or_else(|| Answer::error(400, "cursor is invalid"))? + 1
        }
    };
    let more = items.len() > after + per_page;
    let shown: Vec<Value> = items.into_iter().skip(after).take(per_page).collect();
    let cursor = shown.last().filter(|_| more).map(|last| format!("after-{}", last["id"]));
    let mut answer = Answer::ok(&Value::Array(shown));
    if let Some(cursor) = cursor {
        let next = address(request, &[("cursor", cursor.clone())]);
        answer.headers.extend([("link", format!("<{next}>; rel=\"next\"")), ("x-next-cursor", cursor)]);
    }
    Ok(answer)
}

fn per_page(request: &Request) -> Result<usize, Answer> {
    Ok(number(request, "per_page")?.unwrap_or(20).clamp(1, 100))
}

fn number(request: &Request, name: &str) -> Result<Option<usize>, Answer> {
    let wrong = || Answer::error(400, &format!("{name} is invalid"));
    request.text(name).map(|text| text.parse().map_err(|_| wrong())).transpose()
}

/// The address of this request with other values in its query.
fn address(request: &Request, with: &[(&str, String)]) -> String {
    let kept = request.query.iter().filter(|(name, _)| !with.iter().any(|(other, _)| other == name));
    let kept = kept.map(|(name, value)| (name.as_str(), value.clone()));
    let escape = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = kept
        .chain(with.iter().cloned())
        .map(|(name, value)| format!("{}={}", escape(name).replace("%5F", "_"), escape(&value)))
        .collect();
    let host = request.seen.header("host").unwrap_or("gitlab.example.com");
    let path = request.seen.target.split('?').next().unwrap_or_default();
    format!("http://{host}{path}?{}", pairs.join("&"))
}
