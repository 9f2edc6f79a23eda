package io.github.databrickstelemetry.sample.trips;

import io.github.databrickstelemetry.sample.trips.TripQueries.Hour;
import io.github.databrickstelemetry.sample.trips.TripQueries.Route;
import io.github.databrickstelemetry.sample.trips.TripQueries.Segment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An ordinary application: it knows nothing of telemetry, and logs what takes long. */
@RestController
class TripController {

    private static final Logger log = LoggerFactory.getLogger(TripController.class);
    private static final int MOST_ROWS = 20_000;
    private static final int REPORT_ROWS = 11_000;

    private final TripQueries queries;

    TripController(TripQueries queries) {
        this.queries = queries;
    }

    @GetMapping("/trips/top")
    List<Route> top(@RequestParam(defaultValue = "5") int limit) {
        return queries.top(bounded(limit));
    }

    @GetMapping("/trips/by-hour")
    List<Hour> byHour(@RequestParam(defaultValue = "10001") int zip) {
        return queries.byHour(zip);
    }

    @GetMapping("/trips/longest")
    Map<String, Long> longest(@RequestParam(defaultValue = "12000") int limit) {
        return Map.of("rows", queries.longest(bounded(limit)));
    }

    @GetMapping("/trips/slow")
    Map<String, Long> slow() {
        long start = System.nanoTime();
        long pairs = queries.slow();
        log.info("Compared {} pairs of trips in {} ms", pairs, (System.nanoTime() - start) / 1_000_000);
        return Map.of("pairs", pairs);
    }

    @GetMapping("/trips/broken")
    void broken() {
        queries.broken();
    }

    /** Two statements, of which the second fails: the report is then without that part. */
    @GetMapping("/trips/report")
    Map<String, String> report() {
        Map<String, String> report = new LinkedHashMap<>();
        report.put("trips", Long.toString(queries.longest(REPORT_ROWS)));
        try {
            queries.broken();
        } catch (DataAccessException e) {
            report.put("helicopters", "not available");
        }
        return report;
    }

    @GetMapping("/customers/segments")
    List<Segment> segments() {
        return queries.segments();
    }

    /** The statement and the driver's message, which may repeat it, stay inside. */
    @ExceptionHandler
    ProblemDetail failed(DataAccessException e) {
        ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.BAD_GATEWAY);
        problem.setTitle("The warehouse could not run the statement");
        problem.setDetail(e.getClass().getSimpleName());
        return problem;
    }

    private static int bounded(int limit) {
        return Math.max(1, Math.min(limit, MOST_ROWS));
    }
}
