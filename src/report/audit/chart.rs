//! The charts of an audit as SVG; the page's style sheet gives their colours the shades of the reader's scheme.

use charts_rs::{BarChart, Color, LineChart, svg_with_accessibility};
use serde_json::{Value, json};

use crate::audit::{AgeTally, Ages, BurnDown, Worst};

/// Colours that the style sheet knows, for what they stand.
const INK: &str = "#4A5162";
const LINE: &str = "#C9CEDB";
const SERIES: [(&str, &str); 3] = [("errors", "#B3261E"), ("warnings", "#9A6700"), ("hints", "#3F5E9A")];

/// Subjects by age, one bar for each bucket, stacked by the gravest finding.
pub(super) fn ages(tally: &AgeTally, title: &str) -> String {
    let parts = |of: &dyn Fn(&Worst) -> usize| tally.buckets.iter().map(of).collect::<Vec<_>>();
    let data = [parts(&|worst| worst.error), parts(&|worst| worst.warning), parts(&|worst| worst.info)];
    let series =
        SERIES.iter().zip(data).map(|((name, _), data)| json!({"name": name, "data": data, "stack": "all"}));
    let mut chart = common(480, 260, series.collect());
    chart["x_axis_data"] = json!(Ages::NAMES);
    chart["x_axis_title"] = json!("days");
    let drawing = BarChart::from_json(&chart.to_string()).and_then(|mut chart| {
        chart.background_color = Color::transparent();
        chart.svg()
    });
    named(drawing, title)
}

/// Findings by day, one line for each severity, told apart by their dashes too.
pub(super) fn burn_down(of: &BurnDown, title: &str) -> String {
    let sums: Vec<_> = of.points.iter().map(|point| point.entry.sum()).collect();
    let data = [
        sums.iter().map(|sum| sum.error).collect::<Vec<_>>(),
        sums.iter().map(|sum| sum.warning).collect(),
        sums.iter().map(|sum| sum.info).collect(),
    ];
    let dashes = ["", "8 4", "2 4"];
    let series = SERIES.iter().zip(data).zip(dashes).map(|(((name, _), data), dashes)| {
        let mut series = json!({"name": name, "data": data});
        if !dashes.is_empty() {
            series["stroke_dash_array"] = json!(dashes);
        }
        series
    });
    let mut chart = common(760, 300, series.collect());
    chart["x_axis_values"] = of.points.iter().map(|point| json!(point.entry.date)).collect();
    // One day has no axis between its ends.
    if of.points.len() < 2 {
        return String::new();
    }
    chart["x_axis_formatter"] = json!("%Y-%m-%d");
    let drawing = LineChart::from_json(&chart.to_string()).and_then(|mut chart| {
        chart.background_color = Color::transparent();
        chart.svg()
    });
    named(drawing, title)
}

fn common(width: u32, height: u32, series: Vec<Value>) -> Value {
    json!({
        "width": width,
        "height": height,
        "compact": true,
        "margin": {"left": 5, "top": 5, "right": 24, "bottom": 5},
        "legend_font_size": 12,
        "x_axis_font_size": 12,
        "legend_font_color": INK,
        "legend_category": "rect",
        "x_axis_font_color": INK,
        "x_axis_stroke_color": INK,
        "y_axis_configs": [{"axis_font_color": INK, "axis_font_size": 12}],
        "grid_stroke_color": LINE,
        "series_colors": SERIES.map(|(_, color)| color),
        "series_list": series,
    })
}

/// The picture with its name for those who cannot see it; what the numbers are says a table beside it.
fn named(svg: charts_rs::Result<String>, title: &str) -> String {
    svg.map(|svg| svg_with_accessibility(&svg, title, "")).unwrap_or_default()
}
