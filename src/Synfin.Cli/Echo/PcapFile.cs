using System.Buffers.Binary;
using Synfin.Linux;
using Synfin.Timers;

namespace Synfin.Cli.Echo;

/// <summary>Writes IP packets to a pcap file with nanoseconds (draft-ietf-opsawg-pcap), for Wireshark and tcpdump.</summary>
internal sealed class PcapFile : IDisposable
{
    private const uint NanosecondMagic = 0xA1B23C4D;
    private const uint LinkTypeRaw = 101;
    private const uint SnapLength = 262_144;
    private const int HeaderSize = 24;
    private const int RecordSize = 16;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly FileStream _file;
    private readonly long _unixOffset;

    public PcapFile(string path)
    {
        _file = File.Create(path);
        // The clock counts from the machine's start; a capture wants the time of day.
        _unixOffset = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100 - MonotonicClock.Now().Nanoseconds;

        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], SnapLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], LinkTypeRaw);
        _file.Write(header);
    }

    /// <summary>Appends a packet; a <see cref="PacketTap"/>.</summary>
    public void Write(Timestamp time, bool outbound, ReadOnlySpan<byte> packet)
    {
        (long seconds, long nanoseconds) = Math.DivRem(_unixOffset + time.Nanoseconds, NanosecondsPerSecond);
        Span<byte> record = stackalloc byte[RecordSize];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)seconds);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)nanoseconds);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], packet.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], packet.Length);
        _file.Write(record);
        _file.Write(packet);
    }

    public void Dispose() => _file.Dispose();
}
