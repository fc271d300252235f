using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Synfin.Wire;

namespace Synfin.Linux.Interop;

/// <summary>Gives an interface an address through rtnetlink(7): one message for both families.</summary>
internal static unsafe class RouteNetlink
{
    private const int RouteProtocol = 0;
    private const ushort NewAddress = 20;
    private const ushort ErrorMessage = 2;
    private const ushort RequestAckCreateReplace = 0x1 | 0x4 | 0x400 | 0x100;
    private const byte NoDuplicateDetection = 0x02;
    private const ushort AddressAttribute = 1;
    private const ushort LocalAttribute = 2;
    private const int HeaderSize = 16;
    private const int BodySize = 8;

    /// <summary>Adds the address, or confirms one that is there.</summary>
    /// <returns>0 or the number of the error.</returns>
    public static int AddAddress(int interfaceIndex, InternetAddress address, int prefixLength)
    {
        Span<byte> message = stackalloc byte[128];
        message.Clear();
        int length = WriteRequest(message, interfaceIndex, address, prefixLength);
        int descriptor = Libc.Socket(Libc.FamilyNetlink, Libc.SocketRaw | Libc.CloseOnExec, RouteProtocol);
        if (descriptor < 0) return Libc.LastError;
        using SafeFileHandle owned = Libc.Own(descriptor);
        fixed (byte* bytes = message)
        {
            if (Libc.Write(descriptor, bytes, length) < 0) return Libc.LastError;
            message.Clear();
            if (Libc.Read(descriptor, bytes, message.Length) < HeaderSize + sizeof(int)) return Libc.LastError;
        }
        Debug.Assert(MemoryMarshal.Read<ushort>(message[4..]) == ErrorMessage, "one request for an acknowledgment has one answer");
        return -MemoryMarshal.Read<int>(message[HeaderSize..]);
    }

    /// <summary>nlmsghdr, ifaddrmsg and two attributes, in the host's byte order; addresses as on the wire.</summary>
    private static int WriteRequest(Span<byte> message, int interfaceIndex, InternetAddress address, int prefixLength)
    {
        Span<byte> body = message[HeaderSize..];
        body[0] = (byte)(address.IsIpv4 ? Libc.FamilyInet : Libc.FamilyInet6);
        body[1] = (byte)prefixLength;
        body[2] = NoDuplicateDetection;
        MemoryMarshal.Write(body[4..], interfaceIndex);

        int length = HeaderSize + BodySize;
        length += WriteAttribute(message[length..], LocalAttribute, address);
        length += WriteAttribute(message[length..], AddressAttribute, address);

        MemoryMarshal.Write(message, length);
        MemoryMarshal.Write(message[4..], NewAddress);
        MemoryMarshal.Write(message[6..], RequestAckCreateReplace);
        return length;
    }

    private static int WriteAttribute(Span<byte> attribute, ushort type, InternetAddress address)
    {
        ushort length = (ushort)(4 + address.WriteTo(attribute[4..]));
        MemoryMarshal.Write(attribute, length);
        MemoryMarshal.Write(attribute[2..], type);
        return length;
    }
}
