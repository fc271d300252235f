using System.Buffers;
using System.IO.Pipelines;
using Synfin.Sockets;

namespace Synfin.Cli.Connect;

/// <summary>
/// Joins a connection to an input and an output, octet by octet and with back-pressure both ways, until both directions have ended.
/// </summary>
internal sealed class Bridge(TcpConnection connection, PipeReader? input, Stream output, BridgeMode mode, TimeProvider time)
{
    private const int BufferSize = 65_536;

    /// <summary>How long the peer has to acknowledge the end, once both sides have said all.</summary>
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(10);

    /// <summary>The same, for somebody who has pressed Ctrl-C.</summary>
    private static readonly TimeSpan _hastyFarewell = TimeSpan.FromSeconds(1);

    /// <summary>Octets written to the connection.</summary>
    public long Sent { get; private set; }

    /// <summary>Octets written to the output.</summary>
    public long Received { get; private set; }

    /// <summary>Goes on until both sides have ended, or the connection has; <see cref="TcpConnection.CloseReason"/> says how.</summary>
    /// <exception cref="IOException">Reading, writing, or the connection failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the connection was closed.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task sending = mode is BridgeMode.ReceiveOnly || input is null ? Task.CompletedTask : SendAsync(input, end.Token);
        Task receiving = ReceiveAsync(end.Token);
        Task ended = connection.WhenEnded(end.Token).AsTask();
        try
        {
            await FirstOf(sending, receiving).ConfigureAwait(false);
            // After the peer's end the input may go on for long; a reset must not wait for it.
            Task both = Task.WhenAll(sending, receiving);
            Task over = receiving.IsCompleted ? await Task.WhenAny(both, ended).ConfigureAwait(false) : both;
            await over.ConfigureAwait(false);
            await CloseAsync(_farewell).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await CloseAsync(_hastyFarewell).ConfigureAwait(false);
            throw;
        }
        catch
        {
            connection.Abort();
            throw;
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(sending, receiving, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits for one to end, and for both unless it failed.</summary>
    private static async Task FirstOf(Task sending, Task receiving)
    {
        Task first = await Task.WhenAny(sending, receiving).ConfigureAwait(false);
        await first.ConfigureAwait(false);
        if (first == sending) await receiving.ConfigureAwait(false);
    }

    private async Task SendAsync(PipeReader source, CancellationToken ct)
    {
        bool more = true;
        while (more)
        {
            ReadResult read = await source.ReadAsync(ct).ConfigureAwait(false);
            SequencePosition sent = read.Buffer.Start;
            try
            {
                foreach (ReadOnlyMemory<byte> part in read.Buffer)
                {
                    await connection.WriteAsync(part, ct).ConfigureAwait(false);
                    sent = read.Buffer.GetPosition(part.Length, sent);
                    Sent += part.Length;
                }
            }
            finally
            {
                source.AdvanceTo(sent);
            }
            more = !read.IsCompleted;
        }
        if (mode is BridgeMode.HalfClose) await connection.CompleteWritesAsync().ConfigureAwait(false);
    }

    private async Task ReceiveAsync(CancellationToken ct)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await connection.ReadAsync(buffer, ct).ConfigureAwait(false) is > 0 and var count)
            {
                await WriteAsync(buffer.AsMemory(0, count), ct).ConfigureAwait(false);
                Received += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken ct)
    {
        try
        {
            await output.WriteAsync(octets, ct).ConfigureAwait(false);
            await output.FlushAsync(ct).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            throw new IOException($"standard output takes no more: {failure.Message}", failure);
        }
    }

    private async Task CloseAsync(TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience, time);
        try
        {
            await connection.CloseAsync(late.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
        }
    }
}
