using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Synfin.Ip;
using Synfin.Linux.Interop;
using Synfin.Sockets;
using Synfin.Stack;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>
/// A TUN device: what the kernel routes to it is read here, and what is written here arrives at the kernel. One thread at a time may use
/// it. A device that did not exist before vanishes, with its addresses, when it is disposed of.
/// </summary>
public sealed unsafe class TunDevice : ILink, IDisposable
{
    /// <summary>The largest MTU of a TUN device, in octets.</summary>
    public const int MaxMtu = 65_535;

    private const int MinMtu = 68;

    // The header, and 65,535 octets of text that begin anywhere in a page of 4 KiB.
    private const int MaxParts = 1 + 17;

    private readonly SafeFileHandle _device;

    // Belongs to the device's network namespace, so that the device can be set up from any thread.
    private readonly SafeFileHandle _control;
    private int _mtu;

    private TunDevice(string name, SafeFileHandle device, SafeFileHandle control)
    {
        Name = name;
        _device = device;
        _control = control;
        Descriptor = (int)device.DangerousGetHandle();
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public LinkOffloads Offloads => LinkOffloads.None;

    /// <inheritdoc/>
    public int MaxSuperSegment => 0;

    /// <summary>Packets that the kernel did not take for want of memory, or because the interface is down; they are lost.</summary>
    public long PacketsLost { get; private set; }

    /// <summary>The largest IP packet in octets, 68 to 65,535. A change that others make is not seen.</summary>
    /// <exception cref="TunException">The change is not allowed.</exception>
    public int Mtu
    {
        get => _mtu;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinMtu);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxMtu);
            InterfaceRequest request = InterfaceRequest.For(Name);
            request.Value = value;
            int error = Control(InterfaceRequest.SetMtu, ref request);
            if (error != 0) throw TunErrors.Configuring(Name, "the MTU", $"ip link set dev {Name} mtu {value}", error);
            _mtu = value;
        }
    }

    /// <summary>The descriptor to poll.</summary>
    internal int Descriptor { get; }

    /// <summary>Opens a device, and makes it unless it is there.</summary>
    /// <param name="name">1 to 15 characters; "tun%d" lets the kernel choose the number.</param>
    /// <exception cref="TunException">The name is not valid, the device is in use, or the rights are missing.</exception>
    public static TunDevice Open(string name)
    {
        CheckName(name);
        int descriptor = Libc.Open(TunErrors.DevicePath, Libc.ReadWrite | Libc.NonBlocking | Libc.CloseOnExec);
        if (descriptor < 0) throw TunErrors.OpeningPath(Libc.LastError);
        SafeFileHandle device = Libc.Own(descriptor);
        SafeFileHandle? control = null;
        try
        {
            InterfaceRequest request = InterfaceRequest.For(name);
            request.Flags = InterfaceRequest.TunFlags;
            if (Libc.Control(descriptor, InterfaceRequest.TunSetInterface, &request) < 0) throw TunErrors.Attaching(name, Libc.LastError);

            int socket = Libc.Socket(Libc.FamilyInet, Libc.SocketDatagram | Libc.CloseOnExec, 0);
            if (socket < 0) throw TunErrors.System("opening a socket to set up the TUN device", Libc.LastError);
            control = Libc.Own(socket);
            var opened = new TunDevice(request.Name, device, control);
            opened._mtu = opened.Get(InterfaceRequest.GetMtu).Value;
            return opened;
        }
        catch
        {
            control?.Dispose();
            device.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Gives the kernel's end of the device an address; its subnet is routed to the device. To be called in the device's network namespace.
    /// </summary>
    /// <exception cref="TunException">The rights are missing, and the address is not there already.</exception>
    public void SetHostAddress(InternetAddress address, int prefixLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(prefixLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(prefixLength, address.IsIpv4 ? 32 : 128);
        int error = RouteNetlink.AddAddress(Get(InterfaceRequest.GetIndex).Value, address, prefixLength);
        if (error == 0 || error == Errno.Exists || HasHostAddress(address)) return;
        throw TunErrors.Configuring(Name, "the address", TunErrors.ByHand(Name, address, prefixLength), error);
    }

    /// <summary>Switches the interface on.</summary>
    /// <exception cref="TunException">The rights are missing, and it is not up already.</exception>
    public void Up()
    {
        InterfaceRequest request = Get(InterfaceRequest.GetFlags);
        if ((request.Flags & InterfaceRequest.InterfaceUp) != 0) return;
        request.Flags |= InterfaceRequest.InterfaceUp;
        int error = Control(InterfaceRequest.SetFlags, ref request);
        if (error != 0) throw TunErrors.Configuring(Name, "the state \"up\"", $"ip link set dev {Name} up", error);
    }

    /// <summary>Takes the next packet that the kernel sent; longer ones than <paramref name="packet"/> are cut.</summary>
    /// <returns>Its length in octets, or 0 if none waits.</returns>
    /// <exception cref="TunException">The device is gone.</exception>
    public int Read(Span<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_device.IsClosed, this);
        while (true)
        {
            nint length;
            fixed (byte* start = packet) length = Libc.Read(Descriptor, start, packet.Length);
            if (length >= 0) return (int)length;
            int error = Libc.LastError;
            if (error == Errno.Again) return 0;
            if (error != Errno.Interrupted) throw TunErrors.Using(Name, "read", error);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="TunException">The device is gone.</exception>
    public bool Transmit(in OutboundPacket packet)
    {
        ObjectDisposedException.ThrowIf(_device.IsClosed, this);
        Debug.Assert(packet.Length <= _mtu && !packet.ChecksumPartial, "without offloads packets come finished");
        IoVector* parts = stackalloc IoVector[MaxParts];
        fixed (byte* header = packet.Header)
        {
            parts[0] = new() { Start = header, Length = packet.Header.Length };
            int count = 1;
            foreach (ReadOnlySpan<byte> text in packet.Text)
            {
                if (count == MaxParts) throw new UnreachableException("more text than a packet holds");
                // Pages are allocated pinned: they stay where they are without a fixed statement.
                parts[count++] = new() { Start = Unsafe.AsPointer(ref MemoryMarshal.GetReference(text)), Length = text.Length };
            }
            return Write(parts, count);
        }
    }

    /// <summary>Closes the device. Nobody may use or poll it.</summary>
    public void Dispose()
    {
        _control.Dispose();
        _device.Dispose();
    }

    private bool Write(IoVector* parts, int count)
    {
        while (Libc.WriteVector(Descriptor, parts, count) < 0)
        {
            int error = Libc.LastError;
            switch (error)
            {
                case Errno.Interrupted:
                    continue;
                case Errno.Again:
                    return false;
                case Errno.Io or Errno.NoBuffers or Errno.NoMemory:
                    // An interface that is down is a cable that is unplugged: the packet is lost, the connection lives on.
                    PacketsLost++;
                    return true;
                default:
                    throw TunErrors.Using(Name, "write", error);
            }
        }
        return true;
    }

    private InterfaceRequest Get(nuint what)
    {
        InterfaceRequest request = InterfaceRequest.For(Name);
        int error = Control(what, ref request);
        return error == 0 ? request : throw TunErrors.Using(Name, "ioctl", error);
    }

    private int Control(nuint what, ref InterfaceRequest request)
    {
        ObjectDisposedException.ThrowIf(_control.IsClosed, this);
        fixed (InterfaceRequest* argument = &request)
            return Libc.Control((int)_control.DangerousGetHandle(), what, argument) < 0 ? Libc.LastError : 0;
    }

    private bool HasHostAddress(InternetAddress address)
    {
        System.Net.IPAddress wanted = address.ToIPAddress();
        NetworkInterface? own = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), candidate => candidate.Name == Name);
        return own is not null && own.GetIPProperties().UnicastAddresses.Any(unicast => unicast.Address.Equals(wanted));
    }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0) throw TunErrors.Name(name, "it is empty");
        if (name.Length >= InterfaceRequest.NameSize)
            throw TunErrors.Name(name, $"it has {name.Length} characters, and the kernel takes {InterfaceRequest.NameSize - 1}");
        if (name is "." or ".." || name.AsSpan().ContainsAnyExceptInRange('!', '~') || name.AsSpan().ContainsAny('/', ':'))
            throw TunErrors.Name(name, "it may have letters, digits and signs, no space, \"/\" or \":\"");
        if (name.Replace("%d", "", StringComparison.Ordinal).Contains('%'))
            throw TunErrors.Name(name, "\"%\" only stands for the number that the kernel chooses, as in \"tun%d\"");
    }
}
