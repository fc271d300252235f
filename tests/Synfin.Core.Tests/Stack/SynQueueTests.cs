using Synfin.Stack;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

[Trait("Rfc", "4987 3.5")]
public sealed class SynQueueTests
{
    // The time-out of a number of retries, in milliseconds.
    private static double TimeOut(int retries) => 1_000 << retries;

    private static int Add(SynQueue queue, FourTuple tuple)
    {
        Assert.True(queue.TryAdd(in tuple, out int index));
        return index;
    }

    [Fact]
    public void It_does_what_a_list_of_entries_does()
    {
        var random = new Random(4987);
        var queue = new SynQueue(Tuples.Secret, limit: 200);
        var model = new Dictionary<FourTuple, (int Retries, Timestamp Deadline)>();
        double ms = 0;
        for (int step = 0; step < 10_000; step++)
        {
            ms += random.Next(200);
            while (queue.TryExpire(Tuples.At(ms), out int expired))
            {
                FourTuple name = queue[expired].Tuple;
                (int retries, Timestamp deadline) = model[name];
                Assert.Equal(model.Values.Min(e => e.Deadline), deadline);
                Assert.True(deadline <= Tuples.At(ms));
                Assert.Equal(retries, queue[expired].Retries);
                Assert.Equal(expired, queue.Find(in name));
                if (retries == 5)
                {
                    queue.Remove(expired);
                    model.Remove(name);
                    continue;
                }
                queue[expired].Retries++;
                queue.Schedule(expired, Tuples.At(ms + TimeOut(retries + 1)));
                model[name] = (retries + 1, Tuples.At(ms + TimeOut(retries + 1)));
            }
            Assert.Equal(model.Count == 0 ? Timestamp.Never : model.Values.Min(e => e.Deadline), queue.NextDeadline);

            FourTuple tuple = Tuples.Any(random);
            int index = queue.Find(in tuple);
            Assert.Equal(model.ContainsKey(tuple), index >= 0);
            if (index >= 0)
            {
                queue.Remove(index);
                model.Remove(tuple);
            }
            else if (queue.TryAdd(in tuple, out index))
            {
                queue.Schedule(index, Tuples.At(ms + TimeOut(0)));
                model[tuple] = (0, Tuples.At(ms + TimeOut(0)));
            }
            else
            {
                Assert.Equal(200, model.Count);
            }
            Assert.Equal(model.Count, queue.Count);
        }
    }

    [Fact]
    [Trait("Threat", "43")]
    public void A_million_SYNs_take_no_more_room_than_the_limit()
    {
        var queue = new SynQueue(Tuples.Secret, limit: 4_096);
        for (int i = 0; i < 4_096; i++) queue.Schedule(Add(queue, Tuples.V4(i)), Tuples.At(1_000));

        long before = GC.GetAllocatedBytesForCurrentThread();
        int added = 0;
        for (int i = 4_096; i < 1_000_000; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            if (queue.TryAdd(in tuple, out _)) added++;
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, added);
        Assert.Equal(4_096, queue.Count);
    }

    [Fact]
    public void A_new_entry_is_empty_even_where_an_old_one_was()
    {
        var queue = new SynQueue(Tuples.Secret, limit: 1);
        int index = Add(queue, Tuples.V4(1));
        ref SynEntry entry = ref queue[index];
        entry.Iss = new SequenceNumber(5);
        entry.Mss = 1460;
        entry.WindowScale = 7;
        entry.Flags = SynEntryFlags.Timestamps | SynEntryFlags.AckDeferred;
        entry.Retries = 3;
        queue.Schedule(index, Tuples.At(1));
        queue.Remove(index);

        FourTuple tuple = Tuples.V6(2);
        Assert.Equal(index, Add(queue, tuple));
        entry = ref queue[index];
        Assert.Equal(tuple, entry.Tuple);
        Assert.Equal((default, 0, SynEntry.NoWindowScale), (entry.Iss, entry.Mss, entry.WindowScale));
        Assert.Equal((SynEntryFlags.None, 0, Timestamp.Never), (entry.Flags, entry.Retries, entry.Deadline));
        Assert.Equal(Timestamp.Never, queue.NextDeadline);
    }

    [Fact]
    public void The_earliest_of_all_retry_counts_comes_first()
    {
        var queue = new SynQueue(Tuples.Secret, limit: 10);
        int old = Add(queue, Tuples.V4(1));
        queue[old].Retries = SynQueue.MaxRetries;
        queue.Schedule(old, Tuples.At(5_000));
        int fresh = Add(queue, Tuples.V4(2));
        queue.Schedule(fresh, Tuples.At(1_000));
        Assert.Equal(Tuples.At(1_000), queue.NextDeadline);

        Assert.False(queue.TryExpire(Tuples.At(999), out int none));
        Assert.Equal(-1, none);
        Assert.True(queue.TryExpire(Tuples.At(6_000), out int first));
        Assert.Equal(fresh, first);
        Assert.True(queue.TryExpire(Tuples.At(6_000), out int second));
        Assert.Equal(old, second);
        Assert.False(queue.TryExpire(Tuples.At(6_000), out _));
        Assert.Equal(2, queue.Count);
    }

    [Fact]
    public void An_entry_can_be_scheduled_anew_before_its_time()
    {
        var queue = new SynQueue(Tuples.Secret, limit: 10);
        int index = Add(queue, Tuples.V4(1));
        queue.Schedule(index, Tuples.At(1_000));
        queue[index].Retries = 1;
        queue.Schedule(index, Tuples.At(3_000));
        Assert.Equal(Tuples.At(3_000), queue.NextDeadline);
        Assert.False(queue.TryExpire(Tuples.At(2_999), out _));
    }

    [Fact]
    public void A_closed_listener_takes_its_entries_with_it()
    {
        var queue = new SynQueue(Tuples.Secret, limit: 2_000);
        for (int i = 0; i < 1_500; i++)
        {
            int index = Add(queue, Tuples.V4(i));
            queue[index].ListenerId = i % 3;
            if (i % 5 != 0) queue.Schedule(index, Tuples.At(1_000 + i));
        }
        for (int i = 0; i < 1_500; i += 7)
        {
            FourTuple tuple = Tuples.V4(i);
            queue.Remove(queue.Find(in tuple));
        }
        for (int index = queue.NextOf(0, 0); index >= 0; index = queue.NextOf(0, index + 1)) queue.Remove(index);

        int left = 0;
        for (int i = 0; i < 1_500; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            bool expected = i % 3 != 0 && i % 7 != 0;
            Assert.Equal(expected, queue.Find(in tuple) >= 0);
            if (expected) left++;
        }
        Assert.Equal(left, queue.Count);
    }
}
