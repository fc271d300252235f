using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Synfin.Timers;

namespace Synfin.Captures.Pcapng;

/// <summary>
/// Writes IP packets to a pcapng file (draft-ietf-opsawg-pcapng): one section, interfaces of link type RAW or ETHERNET, timestamps in
/// nanoseconds, little-endian, comments on packets. Not thread-safe.
/// </summary>
public sealed class PcapngWriter : IDisposable
{
    private const uint SectionHeader = 0x0A0D0D0A;
    private const uint InterfaceDescription = 1;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const ushort LinkTypeEthernet = 1;
    private const ushort LinkTypeRaw = 101;
    private const ushort OptionComment = 1;
    private const ushort OptionName = 2;
    private const ushort OptionApplication = 4;
    private const ushort OptionTimestampResolution = 9;
    private static ReadOnlySpan<byte> Nanoseconds => [9];

    private readonly Stream _stream;
    private readonly PcapngOptions _options;
    private readonly ArrayBufferWriter<byte> _block = new(2048);
    private readonly long _epoch;
    private int _interfaces;

    /// <summary>Writes the section header.</summary>
    public PcapngWriter(Stream stream, PcapngOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _options = options ?? new PcapngOptions();
        _epoch = (_options.Epoch - DateTimeOffset.UnixEpoch).Ticks * 100;

        Begin(SectionHeader);
        Put(ByteOrderMagic);
        Put((ushort)1);
        Put((ushort)0);
        Put(ulong.MaxValue);
        if (_options.Comment is { } comment) PutOption(OptionComment, Encoding.UTF8.GetBytes(comment));
        PutOption(OptionApplication, Encoding.UTF8.GetBytes(_options.Application));
        PutOption(0, []);
        End();
    }

    /// <summary>Adds an interface: one for each host, or one for all.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ethernet">Whether its packets begin with an Ethernet header; without one they begin with IP's.</param>
    /// <returns>Its number, for <see cref="Write"/>.</returns>
    public int AddInterface(string name, bool ethernet = false)
    {
        Begin(InterfaceDescription);
        Put(ethernet ? LinkTypeEthernet : LinkTypeRaw);
        Put((ushort)0);
        Put((uint)_options.SnapLength);
        PutOption(OptionName, Encoding.UTF8.GetBytes(name));
        PutOption(OptionTimestampResolution, Nanoseconds);
        PutOption(0, []);
        End();
        return _interfaces++;
    }

    /// <summary>Writes a packet.</summary>
    /// <param name="interfaceId">Where it was seen: a number from <see cref="AddInterface"/>.</param>
    /// <param name="ipPacket">The packet, from the IP header, or the frame from the Ethernet header.</param>
    /// <param name="time">When, relative to <see cref="PcapngOptions.Epoch"/>.</param>
    /// <param name="comment">What to note about it, or null: lost, corrupt.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such interface.</exception>
    public void Write(int interfaceId, ReadOnlySpan<byte> ipPacket, Timestamp time, string? comment = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(interfaceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interfaceId, _interfaces);
        ulong stamp = (ulong)(_epoch + time.Nanoseconds);
        ReadOnlySpan<byte> kept = ipPacket[..Math.Min(ipPacket.Length, _options.SnapLength)];
        Begin(EnhancedPacket);
        Put((uint)interfaceId);
        Put((uint)(stamp >> 32));
        Put((uint)stamp);
        Put((uint)kept.Length);
        Put((uint)ipPacket.Length);
        PutPadded(kept);
        if (comment is not null)
        {
            PutOption(OptionComment, Encoding.UTF8.GetBytes(comment));
            PutOption(0, []);
        }
        End();
    }

    /// <summary>Hands everything written so far to the stream's owner.</summary>
    public void Flush() => _stream.Flush();

    /// <summary>Flushes, and closes the stream unless <see cref="PcapngOptions.LeaveOpen"/>.</summary>
    public void Dispose()
    {
        _stream.Flush();
        if (!_options.LeaveOpen) _stream.Dispose();
    }

    /// <summary>A block is: type, total length, body, total length again; all in whole 32-bit words.</summary>
    private void Begin(uint type)
    {
        _block.ResetWrittenCount();
        Put(type);
        Put(0u);
    }

    private void End()
    {
        int length = _block.WrittenCount + 4;
        Put((uint)length);
        _stream.Write(_block.WrittenSpan[..4]);
        _stream.Write(_block.WrittenSpan[^4..]);
        _stream.Write(_block.WrittenSpan[8..]);
    }

    private void PutOption(ushort code, ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, ushort.MaxValue)];
        Put(code);
        Put((ushort)value.Length);
        PutPadded(value);
    }

    private void PutPadded(ReadOnlySpan<byte> octets)
    {
        _block.Write(octets);
        int padding = -octets.Length & 3;
        _block.GetSpan(4)[..padding].Clear();
        _block.Advance(padding);
    }

    private void Put(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_block.GetSpan(2), value);
        _block.Advance(2);
    }

    private void Put(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_block.GetSpan(4), value);
        _block.Advance(4);
    }

    private void Put(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_block.GetSpan(8), value);
        _block.Advance(8);
    }
}
