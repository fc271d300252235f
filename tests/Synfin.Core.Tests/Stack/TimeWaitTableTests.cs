using System.Runtime.CompilerServices;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Stack;

public sealed class TimeWaitTableTests
{
    private static readonly Duration TwoMsl = Duration.FromSeconds(60);

    [Fact]
    public void It_does_what_a_list_in_order_of_expiry_does()
    {
        var random = new Random(1337);
        var table = new TimeWaitTable(Tuples.Secret, limit: 300);
        var model = new List<(FourTuple Tuple, long Expiry, uint Value)>();
        long ns = 12_345;
        for (int step = 0; step < 15_000; step++)
        {
            ns += random.Next(400_000_000);
            var now = new Timestamp(ns);
            while (table.TryExpire(now, out FourTuple expired))
            {
                Assert.Equal(model[0].Tuple, expired);
                Assert.True(model[0].Expiry <= ns);
                model.RemoveAt(0);
            }
            Assert.Equal(model.Count == 0 ? Timestamp.Never : new Timestamp(model[0].Expiry), table.NextDeadline);
            Assert.True(table.NextDeadline > now);

            FourTuple tuple = Tuples.Any(random);
            int index = table.Find(in tuple);
            int inModel = model.FindIndex(e => e.Tuple == tuple);
            Assert.Equal(inModel >= 0, index >= 0);
            long expiry = (ns + TwoMsl.Nanoseconds + 999_999) / 1_000_000 * 1_000_000;
            if (inModel >= 0)
            {
                (FourTuple _, long oldExpiry, uint value) = model[inModel];
                Assert.Equal(tuple, table.TupleOf(index));
                Assert.Equal(value, table[index].SndNxt.Value);
                Assert.Equal(oldExpiry, table.DeadlineOf(index).Nanoseconds);
                model.RemoveAt(inModel);
                if (random.Next(2) == 0)
                {
                    table.Remove(index);
                }
                else
                {
                    table.Restart(index, now, TwoMsl);
                    model.Add((tuple, expiry, value));
                }
            }
            else
            {
                bool full = model.Count == 300;
                index = table.Add(in tuple, now, TwoMsl, out bool recycled);
                Assert.Equal(full, recycled);
                if (full) model.RemoveAt(0);
                table[index].SndNxt = new SequenceNumber((uint)step);
                model.Add((tuple, expiry, (uint)step));
            }
            Assert.Equal(model.Count, table.Count);
        }
    }

    [Fact]
    [Trait("Rfc9293", "MUST-13")]
    public void An_entry_lasts_2MSL_rounded_up_to_a_millisecond()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        FourTuple tuple = Tuples.V4(1);
        Assert.Equal(Timestamp.Never, table.NextDeadline);

        int index = table.Add(in tuple, new Timestamp(1), TwoMsl, out _);
        var deadline = new Timestamp(60_001_000_000);
        Assert.Equal(deadline, table.NextDeadline);
        Assert.Equal(deadline, table.DeadlineOf(index));
        Assert.False(table.TryExpire(deadline - new Duration(1), out _));
        Assert.True(table.TryExpire(deadline, out FourTuple expired));
        Assert.Equal(tuple, expired);
        Assert.Equal(-1, table.Find(in tuple));
        Assert.False(table.TryExpire(Timestamp.Never, out _));
    }

    [Fact]
    public void A_restart_moves_an_entry_behind_the_others()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        FourTuple first = Tuples.V4(1), second = Tuples.V4(2);
        int index = table.Add(in first, Tuples.At(0), TwoMsl, out _);
        table.Add(in second, Tuples.At(1_000), TwoMsl, out _);
        table.Restart(index, Tuples.At(2_000), TwoMsl);

        Assert.Equal(Tuples.At(61_000), table.NextDeadline);
        Assert.True(table.TryExpire(Tuples.At(61_000), out FourTuple expired));
        Assert.Equal(second, expired);
        Assert.Equal(Tuples.At(62_000), table.NextDeadline);
    }

    [Fact]
    [Trait("Threat", "46")]
    public void At_the_limit_the_oldest_entry_makes_room()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 1_000);
        for (int i = 0; i < 100_000; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            Assert.True(table.Add(in tuple, Tuples.At(i), TwoMsl, out bool recycled) >= 0);
            Assert.Equal(i >= 1_000, recycled);
        }
        Assert.Equal(1_000, table.Count);
        for (int i = 98_990; i < 100_000; i++)
        {
            FourTuple tuple = Tuples.V4(i);
            Assert.Equal(i >= 99_000, table.Find(in tuple) >= 0);
        }
    }

    [Fact]
    public void A_limit_of_0_keeps_nothing()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 0);
        FourTuple tuple = Tuples.V4(1);
        Assert.Equal(-1, table.Add(in tuple, Tuples.At(0), TwoMsl, out bool recycled));
        Assert.False(recycled);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Too_many_local_addresses_at_a_time_are_refused_and_freed_ones_used_again()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 100_000);
        for (uint i = 0; i < 3 * TimeWaitTable.MaxLocalAddresses; i++)
        {
            FourTuple tuple = Tuples.V4(1) with { LocalAddress = InternetAddress.FromIpv4(i) };
            int index = table.Add(in tuple, Tuples.At(i), TwoMsl, out _);
            if (index >= 0) continue;

            Assert.Equal(TimeWaitTable.MaxLocalAddresses, table.Count);
            Assert.True(table.TryExpire(Timestamp.Never, out FourTuple oldest));
            Assert.Equal(i - TimeWaitTable.MaxLocalAddresses, oldest.LocalAddress.Ipv4);
            index = table.Add(in tuple, Tuples.At(i), TwoMsl, out _);
            Assert.Equal(tuple, table.TupleOf(index));
            Assert.Equal(-1, table.Find(in oldest));
        }
    }

    [Fact]
    public void Expiry_stays_right_when_its_32_bits_wrap()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        double wrap = Math.Pow(2, 32);
        FourTuple before = Tuples.V4(1), after = Tuples.V4(2), later = Tuples.V4(3);
        table.Add(in before, Tuples.At(wrap - 60_001), TwoMsl, out _);
        table.Add(in after, Tuples.At(wrap - 1), TwoMsl, out _);

        Assert.Equal(Tuples.At(wrap - 1), table.NextDeadline);
        Assert.False(table.TryExpire(Tuples.At(wrap - 2), out _));
        Assert.True(table.TryExpire(Tuples.At(wrap - 1), out _));
        Assert.Equal(Tuples.At(wrap + 59_999), table.NextDeadline);
        Assert.True(table.TryExpire(Tuples.At(3 * wrap), out _));
        table.Add(in later, Tuples.At(5 * wrap), TwoMsl, out _);
        Assert.Equal(Tuples.At(5 * wrap + 60_000), table.NextDeadline);
    }

    [Fact]
    public void A_shorter_time_waits_for_the_entries_before_it()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        FourTuple first = Tuples.V4(1), second = Tuples.V4(2);
        table.Add(in first, Tuples.At(0), TwoMsl, out _);
        int index = table.Add(in second, Tuples.At(0), Duration.FromSeconds(1), out _);
        Assert.Equal(Tuples.At(60_000), table.DeadlineOf(index));
    }

    [Fact]
    [Trait("Rfc", "5961 7")]
    public void Two_answers_are_at_least_the_interval_apart()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        FourTuple tuple = Tuples.V4(1);
        ref TimeWaitEntry entry = ref table[table.Add(in tuple, Tuples.At(0), TwoMsl, out _)];
        Duration interval = Duration.FromMilliseconds(500);

        Assert.True(entry.TryAnswer(Tuples.At(15.9), interval));
        Assert.False(entry.TryAnswer(Tuples.At(16), interval));
        Assert.False(entry.TryAnswer(Tuples.At(515), interval));
        Assert.True(entry.TryAnswer(Tuples.At(548), interval));
        Assert.False(entry.TryAnswer(Tuples.At(600), interval));
        Assert.True(entry.TryAnswer(Tuples.At(60_000), interval));
    }

    [Fact]
    public void The_clock_of_the_timestamps_goes_on()
    {
        var table = new TimeWaitTable(Tuples.Secret, limit: 10);
        FourTuple tuple = Tuples.V6(1);
        int index = table.Add(in tuple, Tuples.At(0), TwoMsl, out _);
        Assert.Equal(TimestampClock.Offset(in Tuples.Secret, in tuple), table.TimestampOffset(index));
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(65_537)]
    [InlineData(100_000)]
    [InlineData(262_144)]
    public void An_entry_takes_at_most_64_octets_all_told(int count)
    {
        Assert.Equal(56, Unsafe.SizeOf<TimeWaitEntry>());

        // What this thread allocated is never less than what is alive, and other tests do not count.
        long before = GC.GetAllocatedBytesForCurrentThread();
        var table = new TimeWaitTable(Tuples.Secret, limit: count);
        for (int i = 0; i < count; i++)
        {
            FourTuple tuple = Tuples.V6(i);
            table.Add(in tuple, Timestamp.Zero, TwoMsl, out _);
        }
        double octets = (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count;
        Assert.InRange(octets, 60, 64);

        for (int i = 0; i < count; i++)
        {
            FourTuple tuple = Tuples.V6(i);
            Assert.True(table.Find(in tuple) >= 0);
        }
    }
}
