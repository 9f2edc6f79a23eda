package io.github.databrickstelemetry.sample.controls;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the page at {@code /} does besides running statements. */
@RestController
@RequestMapping("/controls")
class ControlsController {

    private final Demonstration demonstration;

    ControlsController(Demonstration demonstration) {
        this.demonstration = demonstration;
    }

    @GetMapping
    Demonstration.State look(@RequestParam String page) {
        return demonstration.look(page);
    }

    @PostMapping("/leave")
    void leave(@RequestParam String page) {
        demonstration.leave(page);
    }

    @PostMapping("/outage")
    Demonstration.State play() {
        return demonstration.play();
    }

    @PostMapping("/end")
    Demonstration.State end() {
        return demonstration.end();
    }
}
