#!/bin/sh
# scale.sh IRQLINT SCALE_DRIVER [CHART.svg]: time of linking and inference on one core by number of
# functions, on drivers that bench/scale_driver.c writes. Prints a table in Markdown and draws the
# chart. Nothing here is a test: times say something beside each other only. They are the processor's,
# so that other work on the machine counts little; the least of RUNS counts.
set -eu
irqlint=$(realpath "$1")
generate=$(realpath "$2")
chart=${3:-}
sizes=${SIZES:-500 1000 5000 10000 20000 50000}
runs=${RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "| functions | link | infer | together | by function | instances | analyses |"
echo "| --: | --: | --: | --: | --: | --: | --: |"
for size in $sizes; do
    mkdir "$work/$size"
    "$generate" "$size" "$work/$size"
    for run in $(seq "$runs"); do
        taskset -c 0 "$irqlint" check --no-db --quiet --stats -j 1 "$work/$size" \
            2>"$work/stats" >/dev/null || true
        awk -v size="$size" '
            $1 == "link" { link = $4 } $1 == "infer" { infer = $4 }
            /function instances/ { instances = $1; analyses = $4 }
            END { print size, link, infer, link + infer, instances, analyses }' "$work/stats"
    done | sort -n -k 4 | head -n 1 >>"$work/points"
    tail -n 1 "$work/points" | awk '{
        printf "| %d | %.2f s | %.2f s | %.2f s | %.0f µs | %d | %d |\n", $1, $2, $3, $4,
            $4 * 1e6 / $1, $5, $6 }'
    rm -r "${work:?}/$size"
done
[ -n "$chart" ] || exit 0

# Both axes are logarithmic: what grows linearly is parallel to the dashed line.
awk '
function x(n) { return 70 + 520 * (log(n) - log(low)) / (log(high) - log(low)) }
function y(t) { return 330 - 290 * (log(t) - log(least)) / (log(most) - log(least)) }
function text(px, py, anchor, words) {
    printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", px, py, anchor, words
}
{ size[NR] = $1; time[NR] = $4 > 0.001 ? $4 : 0.001 }
END {
    low = size[1]; high = size[NR]; least = time[1] / 2; most = time[NR] * 2
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 640 390\"" \
        " font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"640\" height=\"390\" fill=\"white\"/>"
    print "<path d=\"M70 40V330H590\" fill=\"none\" stroke=\"black\"/>"
    printf "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"gray\" stroke-dasharray=\"4\"/>\n", x(low),
        y(time[1]), x(high), y(time[1] * high / low)
    line = ""
    for (i = 1; i <= NR; i++) {
        line = line (i == 1 ? "M" : "L") sprintf("%.1f %.1f", x(size[i]), y(time[i]))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"#1f5fa8\"/>\n", x(size[i]), y(time[i])
        text(x(size[i]), 348, "middle", size[i])
        text(x(size[i]) - 8, y(time[i]) - 8, "end", sprintf("%.2f s", time[i]))
    }
    printf "<path d=\"%s\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>\n", line
    text(330, 374, "middle", "functions")
    text(70, 24, "start", "link and inference on one core; dashed: linear from the first point")
    print "</svg>"
}' "$work/points" >"$chart"
