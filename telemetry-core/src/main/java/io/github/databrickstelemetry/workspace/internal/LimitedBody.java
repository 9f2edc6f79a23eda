package io.github.databrickstelemetry.workspace.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Collects an answer, and what has come of one that never ends. The status counts as soon as it is there: a body that is
 * cut short, trickles or is endless changes nothing about it.
 */
final class LimitedBody implements HttpResponse.BodyHandler<byte[]>, HttpResponse.BodySubscriber<byte[]> {

    /** Far more than either service answers. */
    private static final int LIMIT = 1 << 20;

    private static final byte[] NOT_HERE = {};

    private final CountDownLatch over = new CountDownLatch(1);
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private volatile HttpResponse.@Nullable ResponseInfo info;
    private volatile Flow.@Nullable Subscription subscription;
    private volatile boolean abandoned;

    @Override
    public HttpResponse.BodySubscriber<byte[]> apply(HttpResponse.ResponseInfo responseInfo) {
        this.info = responseInfo;
        return this;
    }

    /** Complete as soon as the headers are there, so that the client returns and the caller can wait for the rest here. */
    @Override
    public CompletionStage<byte[]> getBody() {
        return CompletableFuture.completedFuture(NOT_HERE);
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
        this.subscription = newSubscription;
        if (abandoned) {
            newSubscription.cancel();
        } else {
            newSubscription.request(Long.MAX_VALUE);
        }
    }

    /** Waits for the end of the answer, but not longer than that; what is still to come is given up. */
    void await(long nanos) throws InterruptedException {
        if (!over.await(nanos, TimeUnit.NANOSECONDS)) {
            abandon();
        }
    }

    /** Gives up what is still to come, and with it the connection. */
    void abandon() {
        abandoned = true;
        Flow.Subscription source = subscription;
        if (source != null && over.getCount() > 0) {
            source.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        synchronized (collected) {
            for (ByteBuffer buffer : buffers) {
                byte[] part = new byte[Math.min(buffer.remaining(), LIMIT - collected.size())];
                buffer.get(part);
                collected.writeBytes(part);
            }
            if (collected.size() < LIMIT) {
                return;
            }
        }
        abandon();
        over.countDown();
    }

    @Override
    public void onError(Throwable failure) {
        over.countDown();
    }

    @Override
    public void onComplete() {
        over.countDown();
    }

    /** The answer so far if its headers have come, else the failure. */
    ClientHttpResponse responseOr(IOException failure) throws IOException {
        if (info == null) {
            throw failure;
        }
        return response();
    }

    /** The answer so far. */
    ClientHttpResponse response() throws IOException {
        HttpResponse.ResponseInfo head = info;
        if (head == null) {
            throw new IOException("no answer");
        }
        return new Response(head, bytes());
    }

    private byte[] bytes() {
        synchronized (collected) {
            return collected.toByteArray();
        }
    }

    private static final class Response implements ClientHttpResponse {

        private final HttpResponse.ResponseInfo head;
        private final byte[] body;

        Response(HttpResponse.ResponseInfo head, byte[] body) {
            this.head = head;
            this.body = body;
        }

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatusCode.valueOf(head.statusCode());
        }

        @Override
        public String getStatusText() {
            return "";
        }

        @Override
        public HttpHeaders getHeaders() {
            HttpHeaders headers = new HttpHeaders();
            head.headers().map().forEach((name, values) -> values.forEach(value -> headers.add(name, value)));
            return headers;
        }

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public void close() {
            // Everything is in memory.
        }
    }
}
