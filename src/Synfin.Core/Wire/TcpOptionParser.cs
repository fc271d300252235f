using System.Buffers.Binary;
using Kind = Synfin.Wire.TcpOptionNumber;

namespace Synfin.Wire;

/// <summary>Reads the options of a TCP header (RFC 9293 3.1) in one pass, at any alignment (MUST-64).</summary>
public static class TcpOptionParser
{
    /// <summary>
    /// Reads options. Unknown kinds are skipped (MUST-6). Of an option that comes twice the last counts. An illegal length, or an option
    /// that goes beyond the header, makes the whole segment unusable (MUST-7): no guess is made at where the next option starts.
    /// </summary>
    /// <param name="options">All octets between the fixed header and the text; at most 40.</param>
    /// <param name="result">The options, or nothing at all on error. What was there before is lost.</param>
    /// <returns><see cref="WireError.BadOptionLength"/> or none.</returns>
    public static WireError Parse(ReadOnlySpan<byte> options, ref TcpOptions result)
    {
        result = default;
        if (options.IsEmpty) return WireError.None;
        if (options.Length == 12 && BinaryPrimitives.ReadUInt32BigEndian(options) == Kind.AlignedTimestamps)
        {
            ReadTimestamps(options[2..], ref result);
            return WireError.None;
        }
        for (int i = 0; i < options.Length;)
        {
            byte kind = options[i];
            if (kind == Kind.EndOfList) break;
            if (kind == Kind.NoOperation)
            {
                i++;
                continue;
            }
            // An option cannot be shorter than its kind and length; zero would never end the loop.
            int length = i + 1 < options.Length ? options[i + 1] : 0;
            if (length < 2 || length > options.Length - i || !TryReadOption(options.Slice(i, length), ref result))
            {
                result = default;
                return WireError.BadOptionLength;
            }
            i += length;
        }
        return WireError.None;
    }

    /// <summary>Reads one option, kind and length included; false if the length is not one of the kind's.</summary>
    private static bool TryReadOption(ReadOnlySpan<byte> option, ref TcpOptions result)
    {
        switch (option[0])
        {
            case Kind.MaximumSegmentSize:
                if (option.Length != 4) return false;
                result.SetMaximumSegmentSize(BinaryPrimitives.ReadUInt16BigEndian(option[2..]));
                return true;
            case Kind.WindowScale:
                if (option.Length != 3) return false;
                result.SetWindowScale(option[2]);
                return true;
            case Kind.SackPermitted:
                if (option.Length != 2) return false;
                result.Present |= TcpOptionKinds.SackPermitted;
                return true;
            case Kind.Sack:
                return TryReadSack(option, ref result);
            case Kind.Timestamps:
                if (option.Length != 10) return false;
                ReadTimestamps(option, ref result);
                return true;
            case Kind.UserTimeout:
                return TryReadUserTimeout(option, ref result);
            case Kind.FastOpen:
                return TryReadFastOpen(option, ref result);
            case Kind.AccurateEcn0 or Kind.AccurateEcn1:
                result.Present |= TcpOptionKinds.AccurateEcn;
                return true;
            default:
                result.Present |= TcpOptionKinds.Unknown;
                return true;
        }
    }

    private static void ReadTimestamps(ReadOnlySpan<byte> option, ref TcpOptions result) => result.SetTimestamps(
        BinaryPrimitives.ReadUInt32BigEndian(option[2..]), BinaryPrimitives.ReadUInt32BigEndian(option[6..]));

    private static bool TryReadSack(ReadOnlySpan<byte> option, ref TcpOptions result)
    {
        if (option.Length is not (10 or 18 or 26 or 34)) return false;
        result.SackCount = 0;
        for (int i = 2; i < option.Length; i += 8)
        {
            result.AddSack(
                new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(option[i..])),
                new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(option[(i + 4)..])));
        }
        return true;
    }

    /// <summary>RFC 5482 3: the granularity bit tells minutes from seconds; a timeout of zero is reserved and ignored (3.5).</summary>
    private static bool TryReadUserTimeout(ReadOnlySpan<byte> option, ref TcpOptions result)
    {
        if (option.Length != 4) return false;
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
        int timeout = value & 0x7FFF;
        if (timeout == 0) return true;
        result.UserTimeoutSeconds = (value & 0x8000) != 0 ? timeout * 60 : timeout;
        result.Present |= TcpOptionKinds.UserTimeout;
        return true;
    }

    /// <summary>RFC 7413 4.1.1: no cookie (a request for one), or an even number of octets from 4 to 16.</summary>
    private static bool TryReadFastOpen(ReadOnlySpan<byte> option, ref TcpOptions result)
    {
        int length = option.Length - 2;
        if (length != 0 && (length is < 4 or > 16 || (length & 1) != 0)) return false;
        result.FastOpenCookie = default;
        option[2..].CopyTo(result.FastOpenCookie);
        result.FastOpenCookieLength = (byte)length;
        result.Present |= TcpOptionKinds.FastOpen;
        return true;
    }
}
