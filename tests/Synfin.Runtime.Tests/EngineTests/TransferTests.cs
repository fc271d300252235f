using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Runtime.Tests.EngineTests;

public sealed class TransferTests : EngineTest
{
    [Fact]
    public void What_is_written_is_read() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        Task<string> reading = ReadTextAsync(server, 5);

        await client.WriteAsync("Hello"u8.ToArray());

        Assert.Equal("Hello", await reading);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_long_transfer_arrives_whole_also_with_losses(bool lossy) => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        byte[] data = Pattern(1_000_000);
        int frames = 0;
        if (lossy) Hosts.Loses = (_, _) => ++frames % 50 == 0;
        Task<byte[]> reading = ReadExactlyAsync(server, data.Length);

        await client.WriteAsync(data);
        await client.CompleteWritesAsync();

        Assert.Equal(data, await reading);
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
    });

    [Fact]
    public void A_write_completes_when_everything_is_in_the_send_buffer() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync(SmallBuffers);
        byte[] data = Pattern(50_000);
        Assert.True(client.WriteAsync(data.AsMemory(0, 4_096)).IsCompletedSuccessfully);

        Task writing = client.WriteAsync(data.AsMemory(4_096)).AsTask();
        await Hosts.Wait(Duration.FromSeconds(1));
        Assert.False(writing.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.WriteAsync(new byte[1]).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.CompleteWritesAsync().AsTask());

        Assert.Equal(data, await ReadExactlyAsync(server, data.Length));
        await writing;
        await client.WhenDrained();
        Assert.Equal(0, client.Status().SendQueue);
    });

    [Fact]
    public void Drained_means_acknowledged() => Hosts.Run(async () =>
    {
        (TcpConnection client, _) = await ConnectAsync();
        Assert.True(client.WhenDrained().IsCompletedSuccessfully);
        await client.WriteAsync(new byte[100]);
        Timestamp start = Hosts.Now;

        await client.WhenDrained();

        Assert.True(Hosts.Now - start >= Hosts.Delay * 2);
        Assert.Equal(0, client.Status().SendQueue);
    });

    [Fact]
    public void One_read_at_a_time() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        Task<int> first = server.ReadAsync(new byte[1]).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => server.ReadAsync(new byte[1]).AsTask());

        await client.WriteAsync(new byte[1]);
        Assert.Equal(1, await first);
    });

    [Fact]
    public void A_cancelled_read_takes_nothing_and_leaves_the_connection_usable() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        using CancellationTokenSource source = new();
        Task<int> cancelled = server.ReadAsync(new byte[10], source.Token).AsTask();
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        await client.WriteAsync("abc"u8.ToArray());
        Assert.Equal("abc", await ReadTextAsync(server, 3));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.ReadAsync(new byte[1], source.Token).AsTask());
    });

    [Fact]
    public void A_read_of_nothing_waits_for_something() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        ValueTask<int> nothing = server.ReadAsync(Memory<byte>.Empty);
        Assert.False(nothing.IsCompleted);
        await client.WriteAsync("x"u8.ToArray());

        Assert.Equal(0, await nothing);
        Assert.Equal("x", await ReadTextAsync(server, 1));
    });

    [Fact]
    public void Both_directions_at_once() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync(SmallBuffers);
        byte[] there = Pattern(30_000);
        byte[] back = Pattern(20_000);
        Task<byte[]> atServer = ReadExactlyAsync(server, there.Length);
        Task<byte[]> atClient = ReadExactlyAsync(client, back.Length);

        await Task.WhenAll(client.WriteAsync(there).AsTask(), server.WriteAsync(back).AsTask());

        Assert.Equal(there, await atServer);
        Assert.Equal(back, await atClient);
    });

    [Fact]
    [Trait("Rfc9293", "MUST-32")]
    [Trait("Rfc9293", "MUST-33")]
    public void Urgent_data_is_announced() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        int announced = 0;
        server.UrgentArrived += _ => announced++;
        await client.WriteAsync("abc"u8.ToArray());
        await client.WriteUrgentAsync("!"u8.ToArray());
        await client.WhenDrained();

        Assert.Equal(1, announced);
        Assert.Equal(4, server.UrgentRemaining);
        Assert.Equal("abc!", await ReadTextAsync(server, 4));
        Assert.Equal(0, server.UrgentRemaining);
    });

    [Fact]
    public void An_urgent_octet_out_of_band_is_read_apart() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync(new TcpConnectionOptions { UrgentInline = false });
        Assert.False(server.ReadUrgent(out _));
        await client.WriteUrgentAsync("ab!"u8.ToArray());
        await client.WhenDrained();

        Assert.True(server.ReadUrgent(out byte octet));
        Assert.Equal((byte)'!', octet);
        Assert.Equal("ab", await ReadTextAsync(server, 2));
    });

    [Fact]
    public void Options_can_be_changed_on_the_way() => Hosts.Run(async () =>
    {
        (TcpConnection client, _) = await ConnectAsync();
        client.SetOptions(client.Options with { NoDelay = true });
        Assert.True(client.Options.NoDelay);
    });

    [Fact]
    public void After_ConfigureAwait_false_the_application_is_still_on_the_owners_thread() => Hosts.Run(async () =>
    {
        TcpListener listener = Server.Listen(null, Port);
        TcpConnection client = await Client.ConnectAsync(TwoHosts.AddressB, Port).ConfigureAwait(false);
        TcpConnection server = await listener.AcceptAsync().ConfigureAwait(false);
        await client.WriteAsync(new byte[3]).ConfigureAwait(false);
        await client.WhenDrained().ConfigureAwait(false);
        await server.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
        await server.WriteAsync(new byte[1]).ConfigureAwait(false);
        await new TcpStream(client).ReadExactlyAsync(new byte[1]).ConfigureAwait(false);
        await client.CompleteWritesAsync().ConfigureAwait(false);
        Assert.True(Hosts.Scheduler.IsOwnerThread);
    });

    [Fact]
    public void A_call_from_another_thread_says_why_it_is_refused() => Hosts.Run(async () =>
    {
        (TcpConnection client, _) = await ConnectAsync();
        Action[] calls = [() => _ = client.ReadAsync(new byte[1]).AsTask(), client.Close, () => Client.BeginConnect(default, 1)];
        foreach (Action call in calls)
        {
            Exception wrong = Assert.Throws<InvalidOperationException>(() => Elsewhere.Run(call));
            Assert.Contains("strict mode", wrong.Message, StringComparison.Ordinal);
        }
    });

    [Fact]
    public void A_stream_reads_and_writes_but_does_not_block() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        TcpStream there = new(client);
        using TcpStream here = new(server);
        await there.WriteAsync("ping"u8.ToArray());
        await there.FlushAsync();
        byte[] buffer = new byte[4];
        await here.ReadExactlyAsync(buffer);

        Assert.Equal("ping"u8.ToArray(), buffer);
        Assert.Contains("ReadAsync", Assert.Throws<NotSupportedException>(() => here.Read(buffer)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => here.Write(buffer, 0, 4));

        await there.DisposeAsync();
        Assert.Equal(0, await here.ReadAsync(buffer));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => there.ReadAsync(buffer).AsTask());
        Assert.False(there.CanRead);
    });
}
