package io.github.databrickstelemetry.sample.live;

import io.github.databrickstelemetry.client.TelemetryClientProvider;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootVersion;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The page's data. */
@RestController
@RequestMapping("/live")
class LiveController {

    /** What does not change while the application runs. */
    record About(String springBoot, String java, boolean telemetry) {}

    private final LiveRecorder recorder;
    private final About about;

    LiveController(LiveRecorder recorder, ObjectProvider<TelemetryClientProvider> telemetry) {
        this.recorder = recorder;
        this.about = new About(
                String.valueOf(SpringBootVersion.getVersion()),
                Integer.toString(Runtime.version().feature()),
                telemetry.getIfAvailable() != null);
    }

    /** The samples that are newer than this, in epoch milliseconds. */
    @GetMapping
    List<Sample> since(@RequestParam(defaultValue = "0") long since) {
        return recorder.since(since);
    }

    @GetMapping("/about")
    About about() {
        return about;
    }
}
