package io.github.databrickstelemetry.slices;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/** What the application under test stores. */
@Entity
class Trip {

    @Id
    @GeneratedValue
    long id;

    double distance;

    Trip() {}

    Trip(double distance) {
        this.distance = distance;
    }
}
