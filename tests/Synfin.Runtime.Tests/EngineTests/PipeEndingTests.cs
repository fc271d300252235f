using System.IO.Pipelines;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Timers;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Runtime.Tests.EngineTests;

/// <summary>What a pipe's reader is told of an end, whoever hears of it first.</summary>
public sealed class PipeEndingTests : EngineTest
{
    [Fact]
    public void A_reset_stays_the_reason_if_the_server_aborts_before_its_reader_goes_on() => Hosts.Run(async () =>
    {
        (TcpConnection client, TcpConnection server) = await ConnectAsync();
        PipeReader input = new TcpDuplexPipe(server).Input;
        server.WatchInputEnd(server.Abort); // as Kestrel does when it learns that a connection is closed
        Task<IOException> failure = Assert.ThrowsAsync<IOException>(() => input.ReadAsync().AsTask());
        client.Abort();

        var cause = Assert.IsType<SocketException>((await failure).InnerException);
        Assert.Equal(SocketError.ConnectionReset, cause.SocketErrorCode);
    });

    [Fact]
    public void An_abort_of_an_open_connection_is_the_reason_itself() => Hosts.Run(async () =>
    {
        (_, TcpConnection server) = await ConnectAsync();
        PipeReader input = new TcpDuplexPipe(server).Input;
        Task<IOException> failure = Assert.ThrowsAsync<IOException>(() => input.ReadAsync().AsTask());
        server.Abort();
        server.Abort();
        await Hosts.Wait(Duration.FromSeconds(1));

        var cause = Assert.IsType<SocketException>((await failure).InnerException);
        Assert.Equal(SocketError.OperationAborted, cause.SocketErrorCode);
    });
}
