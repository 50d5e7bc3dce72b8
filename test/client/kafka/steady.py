"""Kafka's clients by kafka-python, for test/engine/kafka.test.ts.

produce SERVERS TOPIC   sends numbered records until its standard input ends, and prints the number of each that is acknowledged
consume SERVERS TOPIC   prints the number of every record that the topic has, from its beginning to its end
group SERVERS TOPIC N   prints the numbers of N records at least, as a member of a consumer group, whose progress the brokers keep
create SERVERS TOPIC PARTITIONS COPIES
first                   for each line of its standard input, which names SERVERS: prints one once a record was written there and read again
"""

import sys
import threading
import time

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import KafkaError


def create(servers, topic, partitions, copies):
    admin = KafkaAdminClient(bootstrap_servers=servers)
    admin.create_topics([NewTopic(topic, int(partitions), int(copies))])
    admin.close()


def produce(servers, topic):
    over = threading.Event()

    def wait():
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait, daemon=True).start()
    producer = KafkaProducer(
        bootstrap_servers=servers,
        acks="all",
        retries=1000,
        delivery_timeout_ms=120_000,
        linger_ms=0,
    )
    number = 0
    while not over.is_set():
        sent = producer.send(topic, key=str(number).encode(), value=str(number).encode())
        sent.add_callback(lambda _, done=number: print(done, flush=True))
        sent.add_errback(lambda problem, lost=number: print(f"not {lost}: {problem}", file=sys.stderr))
        number += 1
        time.sleep(0.01)
    producer.flush(120)
    producer.close()


def consume(servers, topic):
    consumer = KafkaConsumer(bootstrap_servers=servers, auto_offset_reset="earliest")
    parts = [TopicPartition(topic, part) for part in consumer.partitions_for_topic(topic)]
    consumer.assign(parts)
    ends = consumer.end_offsets(parts)
    consumer.seek_to_beginning(*parts)
    late = time.monotonic() + 180
    while any(consumer.position(part) < ends[part] for part in parts):
        if time.monotonic() > late:
            sys.exit("the end of the topic was not reached")
        for records in consumer.poll(timeout_ms=1000).values():
            for record in records:
                print(record.value.decode())
    consumer.close()


def group(servers, topic, count):
    consumer = KafkaConsumer(
        topic, bootstrap_servers=servers, group_id="readers", auto_offset_reset="earliest"
    )
    late = time.monotonic() + 180
    read = 0
    while read < int(count):
        if time.monotonic() > late:
            sys.exit(f"the group has read {read} records")
        for records in consumer.poll(timeout_ms=500).values():
            for record in records:
                print(record.value.decode())
                read += 1
    consumer.commit()
    consumer.close()


def first():
    for line in sys.stdin:
        servers = line.strip()
        while True:
            try:
                producer = KafkaProducer(bootstrap_servers=servers, bootstrap_timeout_ms=2_000)
                at = producer.send("first", b"first").get(timeout=10)
                consumer = KafkaConsumer(bootstrap_servers=servers, consumer_timeout_ms=10_000)
                part = TopicPartition(at.topic, at.partition)
                consumer.assign([part])
                consumer.seek(part, at.offset)
                found = next(consumer).value
                consumer.close()
                producer.close()
                if found == b"first":
                    break
            except KafkaError:  # Nobody answers there yet.
                time.sleep(0.05)
        print("there", flush=True)


{"first": first, "create": create, "produce": produce, "consume": consume, "group": group}[sys.argv[1]](*sys.argv[2:])
