using Synfin.Timers;
using Synfin.Wire;

namespace Synfin.Simulation.Tests;

public sealed class RecordingTests
{
    [Fact]
    public void Equal_runs_have_equal_fingerprints()
    {
        Assert.Equal(HashOf(seed: 3), HashOf(seed: 3));
        Assert.NotEqual(HashOf(seed: 3), HashOf(seed: 4));
        Assert.NotEqual(HashOf(seed: 3), HashOf(seed: 3, delay: 11));

        static ulong HashOf(ulong seed, int delay = 10)
        {
            RawPair pair = new(new SimulatedLinkOptions { Delay = Duration.FromMilliseconds(delay), Loss = 0.5 }, seed);
            for (uint i = 0; i < 40; i++) pair.FromA(TcpFlags.Ack, i, length: 9);
            pair.Net.RunUntilIdle();
            return pair.Net.TraceHash;
        }
    }

    [Fact]
    public void Packets_are_kept_with_what_became_of_them()
    {
        RawPair pair = new(options: new SimulationOptions { RecordPackets = true });
        pair.Net.AddRule("second ACK from a");
        pair.FromA(TcpFlags.Ack, 1);
        pair.FromA(TcpFlags.Ack, 2);
        pair.Net.RunUntilIdle();
        Assert.Equal([PacketFate.Sent, PacketFate.Sent, PacketFate.Lost, PacketFate.Delivered], pair.Net.Packets.Select(p => p.Fate));
        Assert.Equal("0.000000 s a lost 10.0.0.1:1025 > 10.0.0.2:80 ACK seq 2 ack 0 len 0: lost", pair.Net.Packets[2].ToString());
    }

    [Fact]
    public void A_tap_sees_every_packet()
    {
        RawPair pair = new();
        int seen = 0;
        pair.Net.Tap = _ => seen++;
        pair.FromA(TcpFlags.Ack, 1);
        pair.Net.RunUntilIdle();
        Assert.Equal(2, seen);
        Assert.Empty(pair.Net.Packets);
    }

    [Fact]
    public void A_file_needs_packets_that_were_kept() =>
        Assert.Throws<InvalidOperationException>(() => new SimulatedNetwork().WritePcapng("unused.pcapng"));

    [Fact]
    public void A_file_holds_all_packets()
    {
        RawPair pair = new(options: new SimulationOptions { RecordPackets = true });
        pair.FromA(TcpFlags.Ack, 1, length: 1000);
        pair.Net.RunUntilIdle();
        string path = Path.GetTempFileName();
        try
        {
            pair.Net.WritePcapng(path);
            // Sent by a and delivered to b: each host's interface shows it.
            Assert.InRange(new FileInfo(path).Length, 2 * 1040, 2 * 1040 + 500);
            pair.Net.WritePcapng(path, "b");
            Assert.InRange(new FileInfo(path).Length, 1040, 1040 + 400);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
