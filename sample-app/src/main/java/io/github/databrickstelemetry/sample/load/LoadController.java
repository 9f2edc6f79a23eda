package io.github.databrickstelemetry.sample.load;

import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Starts and stops the steady load. */
@RestController
@RequestMapping("/load")
class LoadController {

    private final SteadyLoad load;

    LoadController(SteadyLoad load) {
        this.load = load;
    }

    @GetMapping
    Map<String, Integer> show() {
        return Map.of("perSecond", load.perSecond());
    }

    @PostMapping
    Map<String, Integer> set(@RequestParam int perSecond) {
        load.set(perSecond);
        return show();
    }
}
