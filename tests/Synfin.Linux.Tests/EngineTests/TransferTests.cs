using System.Net.Sockets;
using System.Security.Cryptography;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Stack;
using Xunit;

namespace Synfin.Linux.Tests.EngineTests;

/// <summary>That what is sent arrives, all of it and unchanged.</summary>
[Trait("Needs", "tun")]
public sealed class TransferTests
{
    // Not a multiple of anything, so that no page, segment or buffer ends where a repetition does.
    private const int BlockSize = 1_000_003;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(90);

    [Theory]
    [InlineData(Opener.Kernel, false, 100)]
    [InlineData(Opener.Synfin, false, 10)]
    [InlineData(Opener.Kernel, true, 10)]
    [InlineData(Opener.Synfin, true, 10)]
    public async Task Synfin_echoes_what_the_kernel_sends(Opener opener, bool ipv6, int blocks)
    {
        using TwoHosts hosts = TwoHosts.Create(ipv6);
        using Conversation conversation = await hosts.ConnectAsync(opener);
        Task echoing = conversation.SynfinAsync(EchoAsync, _patience);
        Task<byte[]> sending = KernelSendsAsync(conversation.Kernel, blocks);
        byte[] received = await KernelHashesAsync(conversation.Kernel).InTime(_patience);
        Assert.Equal(await sending, received);
        await echoing;
    }

    [Theory]
    [InlineData(Opener.Synfin, false, 100)]
    [InlineData(Opener.Kernel, true, 10)]
    public async Task The_kernel_echoes_what_synfin_sends(Opener opener, bool ipv6, int blocks)
    {
        using TwoHosts hosts = TwoHosts.Create(ipv6);
        using Conversation conversation = await hosts.ConnectAsync(opener);
        Task echoing = KernelEchoesAsync(conversation.Kernel);
        byte[] sent = [];
        byte[] received = [];
        Task sending = conversation.SynfinAsync(async connection => sent = await SynfinSendsAsync(connection, blocks), _patience);
        await conversation.SynfinAsync(async connection => received = await SynfinHashesAsync(connection), _patience);
        await sending;
        Assert.Equal(sent, received);
        await echoing.InTime(_patience);
    }

    [Theory]
    [InlineData(Opener.Kernel)]
    [InlineData(Opener.Synfin)]
    [Trait("Rfc9293", "MUST-36")]
    public async Task A_reader_that_pauses_loses_nothing(Opener opener)
    {
        using TwoHosts hosts = TwoHosts.Create();
        var small = new TcpConnectionOptions { ReceiveBuffer = 16_384, SendBuffer = 16_384 };
        using Conversation conversation = await hosts.ConnectAsync(opener, small);
        byte[] sent = [];
        Task synfinSends = conversation.SynfinAsync(async connection => sent = await SynfinSendsAsync(connection, 8), _patience);
        Task<byte[]> kernelSends = KernelSendsAsync(conversation.Kernel, 8);
        // Both windows are full well before this is over; the zero windows of both sides are probed and reopened.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(synfinSends.IsCompleted);
        Assert.False(kernelSends.IsCompleted);

        byte[] received = [];
        Task synfinReads = conversation.SynfinAsync(async connection => received = await SynfinHashesAsync(connection), _patience);
        byte[] kernelReceived = await KernelHashesAsync(conversation.Kernel).InTime(_patience);
        await synfinReads;
        await synfinSends;
        Assert.Equal(sent, kernelReceived);
        Assert.Equal(await kernelSends, received);
    }

    private static async ValueTask EchoAsync(TcpConnection connection)
    {
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await connection.ReadAsync(buffer)) > 0) await connection.WriteAsync(buffer.AsMemory(0, count));
        await connection.CloseAsync();
    }

    private static async Task KernelEchoesAsync(Socket kernel)
    {
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await kernel.ReceiveAsync(buffer)) > 0) await SendAllAsync(kernel, buffer.AsMemory(0, count));
        kernel.Shutdown(SocketShutdown.Send);
    }

    private static async Task<byte[]> KernelSendsAsync(Socket kernel, int blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = Block();
        for (int i = 0; i < blocks; i++)
        {
            hash.AppendData(block);
            await SendAllAsync(kernel, block);
        }
        kernel.Shutdown(SocketShutdown.Send);
        return hash.GetHashAndReset();
    }

    private static async Task SendAllAsync(Socket kernel, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty) data = data[await kernel.SendAsync(data)..];
    }

    private static async Task<byte[]> KernelHashesAsync(Socket kernel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await kernel.ReceiveAsync(buffer)) > 0) hash.AppendData(buffer.AsSpan(0, count));
        return hash.GetHashAndReset();
    }

    private static async Task<byte[]> SynfinSendsAsync(TcpConnection connection, int blocks)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = Block();
        for (int i = 0; i < blocks; i++)
        {
            hash.AppendData(block);
            await connection.WriteAsync(block);
        }
        await connection.CompleteWritesAsync();
        return hash.GetHashAndReset();
    }

    private static async Task<byte[]> SynfinHashesAsync(TcpConnection connection)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[65_536];
        int count;
        while ((count = await connection.ReadAsync(buffer)) > 0) hash.AppendData(buffer.AsSpan(0, count));
        return hash.GetHashAndReset();
    }

    private static byte[] Block()
    {
        byte[] block = new byte[BlockSize];
        new Random(1).NextBytes(block);
        return block;
    }
}
