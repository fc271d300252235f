using System.Buffers.Binary;

namespace Synfin.Testing.Soak;

/// <summary>What clients and servers of a soak say to each other: a kind and a length, 5 octets, and then what the kind is.</summary>
public static class SoakTalk
{
    private const int HeaderLength = 5;
    private const int BlockLength = 8_192;

    private static readonly byte[] s_pattern = MakePattern();

    /// <summary>The client's side. Throws if what arrived is not what was sent.</summary>
    public static async Task AskAsync(SoakEnd end, SoakKind kind, int length)
    {
        bool mayBreak = kind is SoakKind.ClientAborts or SoakKind.ServerAborts or SoakKind.ClientLeavesUnread;
        try
        {
            byte[] header = new byte[HeaderLength];
            header[0] = (byte)kind;
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), length);
            await end.WriteAsync(header);
            switch (kind)
            {
                case SoakKind.Echo:
                    Task sending = SendAsync(end, length);
                    await ReceiveAsync(end, length);
                    await sending;
                    break;
                case SoakKind.Upload:
                    await SendAsync(end, length);
                    await ReceiveAsync(end, 1);
                    break;
                case SoakKind.ClientAborts or SoakKind.ClientLeavesUnread:
                    await end.ReadAsync(new byte[1]);
                    break;
                case SoakKind.Download:
                    await ReceiveAsync(end, length);
                    break;
                default:
                    // A reset is expected before the end.
                    await ReceiveAsync(end, length);
                    throw new InvalidDataException("the server did not reset");
            }
        }
        catch (IOException) when (mayBreak)
        {
            // As it is to be.
        }
        if (kind is SoakKind.ClientAborts) end.Abort();
        else end.Close();
    }

    /// <summary>The server's side.</summary>
    public static async Task ServeAsync(SoakEnd end)
    {
        SoakKind kind = SoakKind.ClientAborts;
        try
        {
            byte[] header = new byte[HeaderLength];
            for (int at = 0; at < HeaderLength;)
            {
                int count = await end.ReadAsync(header.AsMemory(at));
                if (count == 0) throw new IOException("the stream ended in the header");
                at += count;
            }
            kind = (SoakKind)header[0];
            int length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1));
            switch (kind)
            {
                case SoakKind.Echo:
                    await EchoAsync(end);
                    break;
                case SoakKind.Upload:
                    await ReceiveAsync(end, length);
                    await SendAsync(end, 1);
                    break;
                case SoakKind.ServerAborts:
                    await end.WriteAsync(s_pattern.AsMemory(0, Math.Min(length / 2, BlockLength)));
                    end.Abort();
                    return;
                default:
                    await SendAsync(end, length);
                    break;
            }
        }
        catch (IOException) when (kind is SoakKind.ClientAborts or SoakKind.ClientLeavesUnread)
        {
            // As it is to be.
        }
        end.Close();
    }

    private static async Task SendAsync(SoakEnd end, int length)
    {
        for (int at = 0; at < length;)
        {
            int count = Math.Min(BlockLength, length - at);
            await end.WriteAsync(s_pattern.AsMemory(at % 256, count));
            at += count;
        }
        await end.EndWritesAsync();
    }

    /// <summary>Reads to the end of the stream, which has to be that of the pattern's first octets.</summary>
    private static async Task ReceiveAsync(SoakEnd end, int length)
    {
        byte[] buffer = new byte[BlockLength];
        int at = 0, count;
        while ((count = await end.ReadAsync(buffer)) > 0)
        {
            if (!buffer.AsSpan(0, count).SequenceEqual(s_pattern.AsSpan(at % 256, count)))
                throw new InvalidDataException($"octets {at} to {at + count} are not what was sent");
            at += count;
        }
        if (at != length) throw new InvalidDataException($"{at} octets arrived of {length}");
    }

    private static async Task EchoAsync(SoakEnd end)
    {
        byte[] buffer = new byte[BlockLength];
        int count;
        while ((count = await end.ReadAsync(buffer)) > 0) await end.WriteAsync(buffer.AsMemory(0, count));
        await end.EndWritesAsync();
    }

    /// <summary>It repeats after 256 octets, so that a block of it may begin anywhere.</summary>
    private static byte[] MakePattern()
    {
        byte[] pattern = new byte[BlockLength + 256];
        for (int i = 0; i < pattern.Length; i++) pattern[i] = (byte)(i * 167 + 13);
        return pattern;
    }
}
