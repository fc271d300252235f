using System.Net;
using System.Net.Sockets;
using Synfin.Linux.Tests.Support;
using Synfin.Tcp;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

/// <summary>Every way to end a connection with the kernel, with the states that `ss` shows on its side and STATUS on ours.</summary>
[Trait("Needs", "tun")]
public sealed class ClosingTests
{
    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    [Trait("Rfc9293", "MUST-13")]
    public async Task Synfin_closes_first_and_the_kernel_still_sends(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using Conversation conversation = await hosts.ConnectAsync(opener);
        await conversation.ExpectStatesAsync("ESTAB", TcpState.Established);

        await conversation.SynfinAsync(connection => connection.CompleteWritesAsync());
        await conversation.KernelReadsAsync("");
        await conversation.ExpectStatesAsync("CLOSE-WAIT", TcpState.FinWait2);

        await conversation.KernelWritesAsync("still here");
        await conversation.SynfinReadsAsync("still here");

        conversation.Kernel.Close();
        await conversation.SynfinReadsAsync("");
        await conversation.ExpectStatesAsync(SocketTable.None, TcpState.TimeWait);
        await conversation.ExpectEndAsync(CloseReason.LocalClose);
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    public async Task The_kernel_closes_first_and_synfin_still_sends(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using Conversation conversation = await hosts.ConnectAsync(opener);

        conversation.Kernel.Shutdown(SocketShutdown.Send);
        await conversation.SynfinReadsAsync("");
        await conversation.ExpectStatesAsync("FIN-WAIT-2", TcpState.CloseWait);

        await conversation.SynfinWritesAsync("still here");
        await conversation.KernelReadsAsync("still here");

        await conversation.SynfinAsync(connection => connection.CloseAsync());
        await conversation.KernelReadsAsync("");
        await conversation.ExpectStatesAsync("TIME-WAIT", TcpState.Closed);
        await conversation.ExpectEndAsync(CloseReason.RemoteClose);
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    public async Task The_kernel_aborts(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using Conversation conversation = await hosts.ConnectAsync(opener);

        conversation.Kernel.LingerState = new LingerOption(true, 0);
        conversation.Kernel.Close();

        await conversation.SynfinReadFailsAsync(SocketError.ConnectionReset);
        await conversation.ExpectStatesAsync(SocketTable.None, TcpState.Closed);
        await conversation.ExpectEndAsync(CloseReason.RemoteReset);
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    public async Task Synfin_aborts(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using Conversation conversation = await hosts.ConnectAsync(opener);

        await conversation.SynfinAsync(connection => connection.Abort());

        await conversation.KernelReadFailsAsync(SocketError.ConnectionReset);
        await conversation.ExpectStatesAsync(SocketTable.None, TcpState.Closed);
        await conversation.ExpectEndAsync(CloseReason.LocalAbort);
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    [Trait("Rfc9293", "SHLD-3")]
    public async Task Closing_with_unread_data_resets_on_both_sides(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using (Conversation conversation = await hosts.ConnectAsync(opener))
        {
            await conversation.KernelWritesAsync("read one octet of this");
            await conversation.SynfinReadsAsync("r");
            await conversation.SynfinAsync(connection => connection.Close());
            await conversation.KernelReadFailsAsync(SocketError.ConnectionReset);
        }
        using (Conversation conversation = await hosts.ConnectAsync(opener))
        {
            await conversation.SynfinWritesAsync("read one octet of this");
            await conversation.KernelReadsAsync("r");
            conversation.Kernel.Close();
            await conversation.SynfinReadFailsAsync(SocketError.ConnectionReset);
        }
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    public async Task A_host_that_ends_resets_what_is_open(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        using Conversation conversation = await hosts.ConnectAsync(opener);
        hosts.Synfin.Dispose();
        await conversation.KernelReadFailsAsync(SocketError.ConnectionReset);
        await conversation.ExpectEndAsync(CloseReason.LocalAbort);
        SocketException late = await Assert.ThrowsAsync<SocketException>(
            () => hosts.OnSynfinAsync(stacks => stacks.ConnectAsync(new IPEndPoint(hosts.KernelAddress, 1))));
        Assert.Equal(SocketError.NetworkDown, late.SocketErrorCode);
    }
}
