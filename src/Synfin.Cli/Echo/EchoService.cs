using System.Buffers;
using System.Net.Sockets;
using Synfin.Sockets;
using Synfin.Wire;
using TcpListener = Synfin.Sockets.TcpListener;

namespace Synfin.Cli.Echo;

/// <summary>Accepts connections and sends back what comes, until the peer has closed. Lives on the host's thread.</summary>
internal sealed class EchoService(TextWriter output, EchoLadders? ladders)
{
    private const int Backlog = 128;
    private const int BufferSize = 65_536;

    /// <summary>How long the peers have to close as well, when the service ends.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _allEnded = new();
    private int _open;
    private bool _ending;

    /// <summary>Serves until cancelled; then closes what is open and waits a little for the peers to do the same.</summary>
    public async Task RunAsync(TcpStack stack, ushort port, Action listening, CancellationToken ct)
    {
        TcpListener listener = stack.Listen(null, port, Backlog, null);
        listening();
        try
        {
            while (true)
            {
                TcpConnection connection = await listener.AcceptAsync(ct);
                _open++;
                _ = ConverseAsync(connection, ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The orderly end.
        }
        finally
        {
            listener.Close();
        }
        _ending = true;
        if (_open > 0) await EndTogetherAsync();
    }

    private async Task EndTogetherAsync()
    {
        try
        {
            await _allEnded.Task.WaitAsync(_grace, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // The host resets what is still open.
        }
    }

    private async Task ConverseAsync(TcpConnection connection, CancellationToken ct)
    {
        FourTuple tuple = connection.Tuple;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        long octets = 0;
        string? failed = null;
        try
        {
            int count;
            while ((count = await connection.ReadAsync(buffer, ct)) > 0)
            {
                await connection.WriteAsync(buffer.AsMemory(0, count), ct);
                octets += count;
            }
            await connection.CloseAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await connection.CloseAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            failed = failure.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        output.WriteLine($"{tuple}: {octets} octets echoed; {failed ?? connection.CloseReason.ToString()}");
        ladders?.Print(tuple, output);
        output.Flush();
        if (--_open == 0 && _ending) _allEnded.TrySetResult();
    }
}
