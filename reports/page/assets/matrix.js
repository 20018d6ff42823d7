seatrial.section("matrix", () => seatrial.charts.ages(document.getElementById("matrix")));
