using System.Net.Sockets;
using Synfin.Linux.Tests.EngineTests;
using Synfin.Linux.Tests.Support;
using Synfin.Tcp;

namespace Synfin.Linux.Tests.InteropTests;

/// <summary>A connection between the kernel and Synfin, seen as that of the one who closes first and the other.</summary>
internal sealed class ClosePair : IDisposable
{
    private readonly TwoHosts _hosts;
    private readonly Wiretap _wire;
    private readonly Conversation _conversation;
    private readonly bool _kernelFirst;

    private ClosePair(TwoHosts hosts, Wiretap wire, Conversation conversation, bool kernelFirst)
    {
        _hosts = hosts;
        _wire = wire;
        _conversation = conversation;
        _kernelFirst = kernelFirst;
        Firewall = new Firewall(hosts.Kernel);
    }

    public Firewall Firewall { get; }

    /// <summary>Whether what the first sends goes to the kernel.</summary>
    public bool FirstSendsToKernel => !_kernelFirst;

    /// <summary>Opens it. Skips the test where that is not possible.</summary>
    public static async Task<ClosePair> OpenAsync(Opener opener, Closer closer, bool ipv6 = false)
    {
        var wire = new Wiretap();
        TwoHosts? hosts = null;
        try
        {
            hosts = TwoHosts.Create(ipv6, tap: wire.Tap);
            return new ClosePair(hosts, wire, await hosts.ConnectAsync(opener), closer is Closer.Kernel);
        }
        catch
        {
            hosts?.Dispose();
            wire.Dispose();
            throw;
        }
    }

    public Task FirstEndsWritingAsync() => EndWritingAsync(_kernelFirst);

    public Task OtherEndsWritingAsync() => EndWritingAsync(!_kernelFirst);

    public Task FirstClosesAsync() => CloseAsync(_kernelFirst);

    public Task OtherClosesAsync() => CloseAsync(!_kernelFirst);

    public Task FirstAbortsAsync() => AbortAsync(_kernelFirst);

    public Task FirstWritesAsync(string text) => WriteAsync(_kernelFirst, text);

    public Task OtherWritesAsync(string text) => WriteAsync(!_kernelFirst, text);

    public Task FirstReadsAsync(string text) => ReadAsync(_kernelFirst, text);

    public Task OtherReadsAsync(string text) => ReadAsync(!_kernelFirst, text);

    public Task OtherReadIsResetAsync() => _kernelFirst
        ? _conversation.SynfinReadFailsAsync(SocketError.ConnectionReset)
        : _conversation.KernelReadFailsAsync(SocketError.ConnectionReset);

    /// <summary>Waits until `ss` and STATUS say this of the two ends.</summary>
    public Task ExpectAsync(TcpState first, TcpState other) => _kernelFirst
        ? _conversation.ExpectStatesAsync(InWordsOfSs(first), other)
        : _conversation.ExpectStatesAsync(InWordsOfSs(other), first);

    /// <summary>Ends the host, and fails unless every packet was sound.</summary>
    public void EndsSoundly()
    {
        _hosts.Synfin.Dispose();
        _wire.AssertSound();
    }

    /// <summary>How many packets a display filter of tshark selects, or null where there is no tshark.</summary>
    public int? Count(string filter) => Requires.Has("tshark") ? _wire.Count(filter) : null;

    public void Dispose()
    {
        _conversation.Dispose();
        _hosts.Dispose();
        _wire.Dispose();
    }

    private async Task EndWritingAsync(bool kernel)
    {
        if (kernel) _conversation.Kernel.Shutdown(SocketShutdown.Send);
        else await _conversation.SynfinAsync(connection => connection.CompleteWritesAsync());
    }

    private async Task CloseAsync(bool kernel)
    {
        if (kernel) _conversation.Kernel.Close();
        else await _conversation.SynfinAsync(connection => connection.Close());
    }

    private async Task AbortAsync(bool kernel)
    {
        if (kernel)
        {
            _conversation.Kernel.LingerState = new LingerOption(true, 0);
            _conversation.Kernel.Close();
        }
        else await _conversation.SynfinAsync(connection => connection.Abort());
    }

    private Task WriteAsync(bool kernel, string text) =>
        kernel ? _conversation.KernelWritesAsync(text) : _conversation.SynfinWritesAsync(text);

    private Task ReadAsync(bool kernel, string text) =>
        kernel ? _conversation.KernelReadsAsync(text) : _conversation.SynfinReadsAsync(text);

    private static string InWordsOfSs(TcpState state) => state switch
    {
        TcpState.Closed => SocketTable.None,
        TcpState.Established => "ESTAB",
        _ => state.ToRfcName(),
    };
}
