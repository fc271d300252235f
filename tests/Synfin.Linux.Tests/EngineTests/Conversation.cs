using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Synfin.Linux.Tests.Support;
using Synfin.Sockets;
using Synfin.Tcp;
using Synfin.Wire;
using Xunit;
using TcpConnection = Synfin.Sockets.TcpConnection;

namespace Synfin.Linux.Tests.EngineTests;

/// <summary>One connection between the kernel and Synfin, with both ends in the test's hands.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly TwoHosts _hosts;
    private readonly TcpConnection _synfin;
    private readonly EndPoint _kernelEnd;
    private readonly EndPoint _synfinEnd;
    private readonly FourTuple _tuple;

    public Conversation(TwoHosts hosts, Socket kernel, TcpConnection synfin)
    {
        _hosts = hosts;
        _synfin = synfin;
        Kernel = kernel;
        Kernel.NoDelay = true;
        _kernelEnd = kernel.LocalEndPoint!;
        _synfinEnd = kernel.RemoteEndPoint!;
        _tuple = TupleOf(_synfinEnd, _kernelEnd);
    }

    /// <summary>The kernel's end.</summary>
    public Socket Kernel { get; }

    /// <summary>Synfin's end.</summary>
    public TcpConnection Synfin => _synfin;

    /// <summary>Does something with Synfin's end, within <paramref name="patience"/>.</summary>
    public Task SynfinAsync(Func<TcpConnection, ValueTask> body, TimeSpan? patience = null) => _hosts.OnSynfinAsync(
        async _ =>
        {
            await body(_synfin);
            return true;
        },
        patience);

    /// <summary>Does something with Synfin's end that does not wait.</summary>
    public Task SynfinAsync(Action<TcpConnection> body) => SynfinAsync(connection =>
    {
        body(connection);
        return default;
    });

    public Task SynfinWritesAsync(string text) => SynfinAsync(connection => connection.WriteAsync(Encoding.ASCII.GetBytes(text)));

    public async Task KernelWritesAsync(string text) =>
        await Kernel.SendAsync(Encoding.ASCII.GetBytes(text)).InTime();

    /// <summary>Synfin reads exactly this; the empty text is the end of the stream.</summary>
    public async Task SynfinReadsAsync(string text)
    {
        byte[] buffer = new byte[Math.Max(1, text.Length)];
        int length = 0;
        await SynfinAsync(async connection =>
        {
            do
            {
                int count = await connection.ReadAsync(buffer.AsMemory(length));
                if (count == 0) break;
                length += count;
            }
            while (length < text.Length);
        });
        Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, length));
    }

    /// <summary>The kernel's application reads exactly this; the empty text is the end of the stream.</summary>
    public async Task KernelReadsAsync(string text)
    {
        byte[] buffer = new byte[Math.Max(1, text.Length)];
        int length = 0;
        do
        {
            int count = await Kernel.ReceiveAsync(buffer.AsMemory(length)).AsTask().InTime();
            if (count == 0) break;
            length += count;
        }
        while (length < text.Length);
        Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, length));
    }

    public async Task KernelReadFailsAsync(SocketError error)
    {
        Task<int> reading = Kernel.ReceiveAsync(new byte[1].AsMemory()).AsTask().InTime();
        SocketException failure = await Assert.ThrowsAsync<SocketException>(() => reading);
        Assert.Equal(error, failure.SocketErrorCode);
    }

    public async Task SynfinReadFailsAsync(SocketError error)
    {
        Task reading = SynfinAsync(async connection => await connection.ReadAsync(new byte[1]));
        IOException failure = await Assert.ThrowsAsync<IOException>(() => reading);
        Assert.Equal(error, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
    }

    /// <summary>Waits until `ss` and Synfin's STATUS both say this, and fails with what they say instead.</summary>
    public async Task ExpectStatesAsync(string kernel, TcpState synfin)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string kernelState = SocketTable.StateOf(_hosts.Kernel, _kernelEnd, _synfinEnd);
            TcpState synfinState = _hosts.Synfin.StateOf(_tuple);
            if (kernelState == kernel && synfinState == synfin) return;
            if (Stopwatch.GetElapsedTime(start) > TwoHosts.Patience)
                Assert.Fail($"expected {kernel} and {synfin.ToRfcName()}, found {kernelState} and {synfinState.ToRfcName()}");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits for the end of Synfin's connection.</summary>
    public async Task ExpectEndAsync(CloseReason reason)
    {
        await SynfinAsync(connection => connection.WhenEnded());
        await SynfinAsync(connection => Assert.Equal(reason, connection.CloseReason));
    }

    public void Dispose() => Kernel.Dispose();

    private static FourTuple TupleOf(EndPoint local, EndPoint remote)
    {
        var ours = (IPEndPoint)local;
        var theirs = (IPEndPoint)remote;
        return new(
            InternetAddress.FromBytes(ours.Address.GetAddressBytes()), (ushort)ours.Port,
            InternetAddress.FromBytes(theirs.Address.GetAddressBytes()), (ushort)theirs.Port);
    }
}
