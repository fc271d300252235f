using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Synfin.Linux.Status;

/// <summary>Asks a running host for its numbers.</summary>
public static class StatusClient
{
    /// <summary>A line of an answer is at most so long, in octets.</summary>
    public const int MaxLine = 65_536;

    /// <summary>An answer has at most so many lines.</summary>
    public const int MaxLines = 1_000_000;

    /// <summary>Asks the host whose status socket this is.</summary>
    /// <param name="path">The socket.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <exception cref="IOException">Nobody answers, or not as a host does; the message says what and where.</exception>
    public static async Task<HostReport> AskAsync(string path, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct).ConfigureAwait(false);
            byte[] question = JsonSerializer.SerializeToUtf8Bytes(new StatusRequest("status"), StatusJson.Default.StatusRequest);
            await socket.SendAsync((byte[])[.. question, (byte)'\n'], ct).ConfigureAwait(false);
            return await ReadAsync(socket, path, ct).ConfigureAwait(false);
        }
        catch (SocketException failure)
        {
            throw new IOException($"{path}: {Explain(failure)}", failure);
        }
        catch (ArgumentException failure)
        {
            throw new IOException($"{path} is no path of a Unix socket: {failure.Message}", failure);
        }
    }

    private static string Explain(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AccessDenied => "it is another user's: ask as that user, or as root",
        SocketError.ConnectionRefused => "nobody listens there: the host has ended",
        SocketError.AddressNotAvailable => "there is no such socket",
        _ => failure.Message,
    };

    private static async Task<HostReport> ReadAsync(Socket socket, string path, CancellationToken ct)
    {
        HostReport? host = null;
        List<ListenerReport> listeners = [];
        List<ConnectionReport> connections = [];
        byte[] buffer = new byte[MaxLine];
        int length = 0;
        for (int lines = 0; lines < MaxLines;)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(length), ct).ConfigureAwait(false);
            if (count == 0) throw new IOException($"{path}: the answer breaks off");
            length += count;
            int start = 0;
            while (buffer.AsSpan(start, length - start).IndexOf((byte)'\n') is >= 0 and var end)
            {
                StatusLine line = Parse(buffer.AsSpan(start, end), path);
                start += end + 1;
                lines++;
                host ??= line.Host;
                if (line.Listener is { } listener) listeners.Add(listener);
                if (line.Connection is { } connection) connections.Add(connection);
                if (line.Error is { } error) throw new IOException($"{path}: the host says: {error}");
                if (line.End is not true) continue;
                return host is null
                    ? throw new IOException($"{path}: the answer names no host")
                    : host with { Listeners = listeners, Connections = connections };
            }
            buffer.AsSpan(start, length - start).CopyTo(buffer);
            length -= start;
            if (length == MaxLine) break;
        }
        throw new IOException($"{path}: the answer is longer than that of any host");
    }

    private static StatusLine Parse(ReadOnlySpan<byte> line, string path)
    {
        try
        {
            return JsonSerializer.Deserialize(line, StatusJson.Default.StatusLine) ?? new StatusLine();
        }
        catch (JsonException failure)
        {
            string shown = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)]);
            throw new IOException($"{path} is no status socket: it answers \"{shown}\"", failure);
        }
    }
}
