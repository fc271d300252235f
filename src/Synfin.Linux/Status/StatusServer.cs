using System.Net.Sockets;
using System.Text.Json;
using Synfin.Sockets;

namespace Synfin.Linux.Status;

/// <summary>
/// Tells the numbers of a host to whoever asks over a Unix socket, which only its user may open: one line of JSON is the question, lines of
/// JSON are the answer. A client that stalls, or that says too much, is left.
/// </summary>
public sealed class StatusServer : IAsyncDisposable
{
    /// <summary>A question is at most so long, in octets.</summary>
    public const int MaxRequest = 256;

    private const int Backlog = 16;
    private const int FlushAt = 32_768;

    private readonly Socket _listener;
    private readonly StatusServerOptions _options;
    private readonly StatusSnapshot _snapshot;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _room;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _disposed;

    private StatusServer(Socket listener, string path, TcpStackGroup stacks, StatusServerOptions options, TimeProvider time)
    {
        _listener = listener;
        _options = options;
        _time = time;
        _snapshot = new StatusSnapshot(stacks, options, time);
        _room = new SemaphoreSlim(options.MaxClients);
        Path = path;
        _accepting = AcceptAsync();
    }

    /// <summary>The socket's path.</summary>
    public string Path { get; }

    /// <summary>Makes the socket and serves it. Sockets that ended processes left in the folder are removed.</summary>
    /// <param name="stacks">The host's sockets, in hosted mode.</param>
    /// <param name="options">What it says of the host, and its limits.</param>
    /// <param name="time">The clock of the uptime and of patience; null for the system's.</param>
    /// <exception cref="IOException">The socket cannot be made; the message says why.</exception>
    public static StatusServer Start(TcpStackGroup stacks, StatusServerOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(stacks);
        ArgumentNullException.ThrowIfNull(options);
        if (OperatingSystem.IsWindows()) throw new IOException("status sockets are for Linux: Windows has no modes of files");
        string folder = options.Folder ?? StatusSockets.DefaultFolder;
        string path = StatusSockets.PathOf(folder, options.Device);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            StatusSockets.Prepare(folder);
            // This process's own, of a host that had the name before: nobody else has this number.
            File.Delete(path);
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, StatusSockets.SocketMode);
            listener.Listen(Backlog);
            return new StatusServer(listener, path, stacks, options, time ?? TimeProvider.System);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            listener.Dispose();
            throw new IOException($"the status socket {path} cannot be made: {failure.Message}", failure);
        }
    }

    /// <summary>Ends: the socket vanishes, and who waits for an answer is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        // All who were being served have seen the cancellation.
        for (int i = 0; i < _options.MaxClients; i++) await _room.WaitAsync().ConfigureAwait(false);
        _listener.Dispose();
        File.Delete(Path);
        _room.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(_stop.Token).ConfigureAwait(false);
                Socket client;
                try
                {
                    client = await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false);
                }
                catch
                {
                    _room.Release();
                    throw;
                }
                _ = ServeAsync(client);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Nobody is served any more.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var patience = new CancellationTokenSource(_options.Patience, _time);
        using var ct = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            using (client) await AnswerAsync(client, ct.Token).ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or SocketException or IOException)
        {
            // It stalled, it went, or the host ends: nothing to do for it.
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task AnswerAsync(Socket client, CancellationToken ct)
    {
        using var answer = new MemoryStream();
        string? problem = await ReadRequestAsync(client, ct).ConfigureAwait(false);
        if (problem is not null) Write(answer, new StatusLine { Error = problem });
        else await WriteReportAsync(client, answer, ct).ConfigureAwait(false);
        Write(answer, new StatusLine { End = true });
        await FlushAsync(client, answer, ct).ConfigureAwait(false);
        client.Shutdown(SocketShutdown.Send);
    }

    private async Task WriteReportAsync(Socket client, MemoryStream answer, CancellationToken ct)
    {
        HostReport report = _snapshot.Take();
        Write(answer, new StatusLine { Host = report with { Connections = [], Listeners = [] } });
        foreach (ListenerReport listener in report.Listeners) Write(answer, new StatusLine { Listener = listener });
        foreach (ConnectionReport connection in report.Connections)
        {
            Write(answer, new StatusLine { Connection = connection });
            if (answer.Length >= FlushAt) await FlushAsync(client, answer, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the question.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    private static async Task<string?> ReadRequestAsync(Socket client, CancellationToken ct)
    {
        byte[] line = new byte[MaxRequest];
        int length = 0;
        while (true)
        {
            int count = await client.ReceiveAsync(line.AsMemory(length), ct).ConfigureAwait(false);
            if (count == 0) return "the question ends before its line does";
            length += count;
            int end = line.AsSpan(0, length).IndexOf((byte)'\n');
            if (end >= 0) return ProblemOf(line.AsSpan(0, end));
            if (length == MaxRequest) return $"a question has at most {MaxRequest} octets";
        }
    }

    private static string? ProblemOf(ReadOnlySpan<byte> line)
    {
        try
        {
            StatusRequest? request = JsonSerializer.Deserialize(line, StatusJson.Default.StatusRequest);
            return request?.Want == "status" ? null : "the question is {\"want\":\"status\"}";
        }
        catch (JsonException)
        {
            return "the question is no JSON; it is {\"want\":\"status\"}";
        }
    }

    private static void Write(MemoryStream answer, StatusLine line)
    {
        JsonSerializer.Serialize(answer, line, StatusJson.Default.StatusLine);
        answer.WriteByte((byte)'\n');
    }

    private static async Task FlushAsync(Socket client, MemoryStream answer, CancellationToken ct)
    {
        ReadOnlyMemory<byte> left = answer.GetBuffer().AsMemory(0, (int)answer.Length);
        while (!left.IsEmpty) left = left[await client.SendAsync(left, ct).ConfigureAwait(false)..];
        answer.SetLength(0);
    }
}
