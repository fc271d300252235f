using System.Buffers.Binary;
using Synfin.Core.Tests.Buffers;
using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;
using Synfin.Timers;
using Synfin.Wire;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>Many connections, and many that never come to be.</summary>
[Collection("Alone")]
public sealed class ManyConnectionsTests
{
    [Fact]
    [Trait("Threat", "45")]
    public void Ten_thousand_connections_open_and_close_and_leave_nothing()
    {
        const int Batches = 20, PerBatch = 500;
        var pair = new Pair(new StackOptions(), new StackOptions());
        Assert.Equal(TcpError.None, pair.B.Listen(Pair.AddressB, 80, PerBatch, null, pair.Now, out TcpListener? listener));
        Batch(pair, listener!, PerBatch); // the tables and pools have their size
        pair.Run(Duration.FromSeconds(61));
        pair.Log.Clear();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int batch = 0; batch < Batches; batch++)
        {
            Batch(pair, listener!, PerBatch);
            pair.Log.Clear();
            Assert.Equal((batch + 1) * PerBatch, pair.A.TimeWaitCount);
        }
        pair.Run(Duration.FromSeconds(60.1));
        foreach (NetworkStack stack in (NetworkStack[])[pair.A, pair.B])
        {
            Assert.Equal((0, 0, 0, 0), (stack.ConnectionCount, stack.TimeWaitCount, stack.SynQueueCount, stack.OrphanCount));
            Assert.Equal((0, 0), (stack.PagesInUse, stack.Wheel.Count));
            Assert.False(stack.HasOutput);
            Assert.Equal(Timestamp.Never, stack.NextDeadline);
        }
        Assert.Equal(0, listener!.AcceptQueueCount + listener.SynQueueCount);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(grown, long.MinValue, 4 << 20); // 10,000 TIME-WAIT entries' table stays; no connection does
        GC.KeepAlive(pair);
    }

    private static void Batch(Pair pair, TcpListener listener, int count)
    {
        var clients = new List<TcpConnection>();
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(TcpError.None, pair.A.Connect(Pair.AddressB, 80, null, 0, null, pair.Now, out TcpConnection? client));
            clients.Add(client!);
        }
        pair.Settle();
        foreach (TcpConnection client in clients) Assert.Equal(TcpError.None, client.Send("hello"u8, pair.Now, out _));
        foreach (TcpConnection client in clients) client.Close(pair.Now);
        pair.A.Output(new RecordingLink { Room = 0 }, pair.Now);
        Assert.True(pair.A.Wheel.Count <= pair.A.ConnectionCount, "the wheel has one entry a connection at most");
        pair.Settle();
        byte[] buffer = new byte[10];
        while (listener.Accept(pair.Now, out TcpConnection? server) is TcpError.None)
        {
            server!.Receive(buffer, pair.Now, out int received);
            Assert.Equal(5, received);
            server.Close(pair.Now);
        }
        pair.Settle();
        foreach (TcpConnection client in clients) Assert.Equal(TcpState.TimeWait, client.State);
    }

    [Fact]
    public void The_wheel_has_one_entry_for_each_connection_that_waits_for_something()
    {
        Given given = Given.Listening();
        for (ushort port = 1; port <= 10; port++)
            given.From(port).Receives("S seq 0").Sends("S.").Receives(". seq 1 ack 1").Accepts().Writes(10).Sends("P. len 10");
        Assert.Equal((10, 10), (given.Stack.ConnectionCount, given.Stack.Wheel.Count));
        for (ushort port = 1; port <= 10; port++) given.From(port).Receives("P. seq 1 ack 11 len 5");
        Assert.Equal(10, given.Stack.Wheel.Count); // a delayed ACK each, and no second entry
        given.After(1_000).Ignoring();
        Assert.Equal((10, 0), (given.Stack.ConnectionCount, given.Stack.Wheel.Count));
        for (ushort port = 1; port <= 10; port++) given.From(port).Receives("R seq 6");
        Assert.Equal((0, 0), (given.Stack.ConnectionCount, given.Stack.Wheel.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Threat", "43")]
    [Trait("Threat", "42")]
    [Trait("Rfc", "4987 3.6")]
    [Trait("Subject", "7")]
    public void A_flood_of_SYNs_takes_no_memory_and_lets_an_honest_client_in(bool cookies)
    {
        const int Syns = 1_000_000, Backlog = 256;
        Given given = Given.Listening(new StackOptions { SynCookies = cookies }, backlog: Backlog);
        var link = new CountingLink();
        Flood(given.Stack, link, 5_000, seed: 1); // queues and tables have their size
        long before = GC.GetAllocatedBytesForCurrentThread();
        Flood(given.Stack, link, Syns, seed: 2);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000); // the test's own packet
        Assert.Equal((Backlog, 0, 0), (given.Stack.SynQueueCount, given.Stack.ConnectionCount, given.Stack.PagesInUse));
        Assert.Equal(cookies ? Syns + 5_000 : Backlog, link.Count);

        given.Receives("S seq 0 <mss 1460>");
        if (!cookies)
        {
            given.SendsNothing().After(63_000).Ignoring(); // the flood's entries time out; the client's next SYN finds room
            given.Receives("S seq 0 <mss 1460>");
        }
        given.Sends("S. seq 0 ack 1").Receives("P. seq 1 ack 1 len 10").Accepts().Then(TcpState.Established).Reads(10);
    }

    private static void Flood(NetworkStack stack, ILink link, int count, ulong seed)
    {
        var random = new SeededGenerator(seed);
        byte[] packet = Packets.Tcp(Given.Peer, 1, Given.Us, 8080, TcpFlags.Syn);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), 0x0B000000 | (uint)random.Next() >> 8);
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(20), (ushort)(1 + random.Below(65_535)));
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(24), (uint)random.Next());
            stack.Input(Packets.Resummed(packet), new ReceiveMetadata(ChecksumVerified: true, WireSegments: 1), Timestamp.Zero);
            if (i % 500 == 499) stack.Output(link, Timestamp.Zero);
        }
        stack.Output(link, Timestamp.Zero);
    }
}
