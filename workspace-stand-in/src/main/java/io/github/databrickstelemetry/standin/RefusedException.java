package io.github.databrickstelemetry.standin;

/** Ends the request with an HTTP error. */
final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Answer.Refused answer;

    RefusedException(Answer.Refused answer) {
        super(answer.message());
        this.answer = answer;
    }

    static RefusedException notFound(String what) {
        return new RefusedException(new Answer.Refused(404, "RESOURCE_DOES_NOT_EXIST", what + " does not exist"));
    }

    Reply reply() {
        return Reply.error(answer.status(), answer.errorCode(), answer.message());
    }
}
